/** The gap: the two ways out of it at its sides, and what in it is kept free of dots. */
import type { Cells } from "./layout-cells";
import type { Box, Frame } from "./layout-frame";
import type { OnMembranes } from "./layout-membranes";
import type { Reading } from "./quantities";
import type { Anchor, Point } from "./svg";

export interface Losses {
  diffusion: { from: Point; to: Point; label: Point };
  otherUptake: { from: Point; to: Point; label: Point };
}

/** The ways out: diffusion to the right, other uptake and breakdown to the left. */
export function lossesFor({ width, compact }: Frame, { terminal: { left, right }, surfaceEdge }: Cells): Losses {
  const y = surfaceEdge - 30;
  return {
    diffusion: {
      from: { x: right - 46, y },
      to: { x: compact ? width - 3 : Math.min(width - 4, right + 14), y },
      label: { x: width - 6, y: y - 13 },
    },
    otherUptake: {
      from: { x: left + 46, y },
      to: { x: compact ? 3 : Math.max(4, left - 14), y },
      label: { x: 6, y: y - 13 },
    },
  };
}

/** What reaches into the gap. */
interface Standing {
  frame: Frame;
  cells: Cells;
  onMembranes: OnMembranes;
  losses: Losses;
}

/** The rectangles in the gap that labels, pumps and arrows need for themselves, for the parts that a reading has. */
export function reservedBoxes(standing: Standing, reading: Reading): Box[] {
  const { fluxes } = reading;
  const boxes: Box[] = [];
  if (reading.reuptakeBlocked !== undefined) boxes.push(...aroundPumps(standing));
  if (reading.autoreceptorOccupancy !== undefined) {
    boxes.push(...aroundAutoreceptors(standing, reading.autoreceptorSignal));
  }
  if (fluxes.release) boxes.push(...aroundRelease(standing));
  if (fluxes.diffusion) boxes.push(...aroundDiffusion(standing));
  if (fluxes.extra_uptake || fluxes.extracellular_breakdown) boxes.push(...aroundOtherUptake(standing));
  return boxes;
}

/** A label's rectangle, from the widest text it may hold. */
function words({ text }: Frame, at: Point, characters: number, anchor: Anchor): Box {
  const wide = characters * text * 0.56;
  const start = anchor === "start" ? at.x : anchor === "end" ? at.x - wide : at.x - wide / 2;
  return { left: start, right: start + wide, top: at.y - text, bottom: at.y + 3 };
}

function aroundPumps({ frame, cells, onMembranes: { pumps } }: Standing): Box[] {
  const half = pumps.channel / 2 + pumps.barWidth;
  return [
    words(frame, pumps.label, 19, "middle"),
    { left: pumps.xs[0] - half, right: pumps.xs[4] + half, top: cells.edge - 20, bottom: pumps.label.y },
  ];
}

function aroundAutoreceptors({ frame, cells, onMembranes }: Standing, signal: boolean): Box[] {
  const { xs, radius, label } = onMembranes.autoreceptors;
  return [
    words(frame, label, signal && frame.width >= 380 ? 24 : 19, "end"),
    { left: xs[0] - radius, right: xs[3] + radius, top: cells.edge - 20, bottom: label.y },
  ];
}

function aroundRelease({ frame, cells, onMembranes: { release } }: Standing): Box[] {
  const { x, label } = release;
  return [
    words(frame, label, 8, "middle"),
    { left: x - 8, right: x + 8, top: cells.membrane(x), bottom: label.y },
  ];
}

function aroundDiffusion({ frame, cells, losses: { diffusion } }: Standing): Box[] {
  const { from, label } = diffusion;
  return [
    words(frame, label, 13, "end"),
    { left: from.x, right: frame.width, top: from.y - 9, bottom: cells.surfaceEdge },
  ];
}

function aroundOtherUptake({ frame, cells, losses: { otherUptake } }: Standing): Box[] {
  const { from, label } = otherUptake;
  return [
    words(frame, label, 13, "start"),
    { left: 0, right: from.x, top: from.y - 9, bottom: cells.surfaceEdge },
  ];
}
