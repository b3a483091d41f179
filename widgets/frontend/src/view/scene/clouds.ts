/** The transmitter that is free: a cloud of dots in the terminal, and one in the gap. */
import { addCloud, type Cloud } from "./dots";
import { CYTOSOL_DOTS, dotCount, GAP_DOTS, MOST_CYTOSOL_DOTS, MOST_GAP_DOTS } from "./quantities";
import type { Stage, Update } from "./stage";

export interface FreeDots {
  cloud: Cloud;
  update: Update;
}

/** The clouds that the model has, back to front. */
export function addClouds(stage: Stage): FreeDots[] {
  const { cytosolic, extracellular } = stage.first;
  return [
    ...(cytosolic !== undefined ? [addCytosolCloud(stage)] : []),
    ...(extracellular !== undefined ? [addGapCloud(stage)] : []),
  ];
}

function addCytosolCloud({ svg, layout }: Stage): FreeDots {
  const { cytosol } = layout;
  const cloud = addCloud(svg, {
    className: "scene-cytosol",
    most: MOST_CYTOSOL_DOTS,
    radius: layout.dotRadius * 0.9,
    seed: 11,
    bounds: cytosol,
    inside: (x, y) => x > cytosol.left && x < cytosol.right && y > cytosol.top && y < cytosol.bottom,
    speed: 4,
  });
  return { cloud, update: (reading) => cloud.show(dotCount(reading.cytosolic, CYTOSOL_DOTS, MOST_CYTOSOL_DOTS)) };
}

function addGapCloud(stage: Stage): FreeDots {
  const { svg, layout } = stage;
  const cloud = addCloud(svg, {
    className: "scene-gap",
    most: MOST_GAP_DOTS,
    radius: layout.dotRadius,
    seed: 5,
    bounds: layout.gap,
    inside: freeInGap(stage),
    speed: 7,
  });
  return { cloud, update: (reading) => cloud.show(dotCount(reading.extracellular, GAP_DOTS, MOST_GAP_DOTS)) };
}

/** Whether a dot may be at a point of the gap: clear of both membranes, and of what is reserved for other parts. */
function freeInGap({ layout, first }: Stage): (x: number, y: number) => boolean {
  const { gap } = layout;
  const clear = layout.dotRadius + 3;
  const reserved = layout.reserved(first);
  return (x, y) =>
    x > gap.left &&
    x < gap.right &&
    y > layout.membrane(x) + clear + 2 &&
    y < layout.surface(x) - clear - layout.receptors.radius &&
    !reserved.some((box) => x > box.left - clear && x < box.right + clear && y > box.top - clear && y < box.bottom + clear);
}
