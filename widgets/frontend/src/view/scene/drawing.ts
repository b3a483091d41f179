/** One drawing for one layout: puts the parts in order, back to front, and passes each new reading to all of them. */
import { addBrake, addSynthesisBrake } from "./brake";
import { addCells } from "./cells";
import { addClouds } from "./clouds";
import { addEnzymes } from "./enzymes";
import { addExchange, addLosses, addRelease, addSynthesis } from "./flows";
import type { Layout } from "./layout";
import type { Drawing } from "./picture";
import { addPumps } from "./pumps";
import type { Reading } from "./quantities";
import { addAutoreceptors, addReceptors } from "./receptors";
import type { Stage, Update } from "./stage";
import { label, write } from "./svg";
import { addVesicles } from "./vesicles";
import { legend, type Labels } from "./words";

/** Draws into an empty `svg`. `first` decides which parts there are. */
export function draw(svg: SVGSVGElement, layout: Layout, labels: Labels, first: Reading): Drawing<Reading> {
  const stage: Stage = { svg, layout, labels, first };
  // Each adds to the drawing as it is called: their order here is the order back to front.
  addCells(stage);
  const inTerminal = [...addSynthesis(stage), ...addBrakeOnSynthesis(stage), ...addBreakdown(stage), ...addExchange(stage)];
  const vesicles = first.vesicular !== undefined || first.fluxes.release ? addVesicles(svg, layout) : null;
  const onMembranes = addOnMembranes(stage);
  const inGap = [...addRelease(stage), ...addLosses(stage)];
  const clouds = addClouds(stage);
  const captions = addLegend(stage);

  const updates: Update[] = [
    ...inTerminal,
    (reading) => vesicles?.update(reading),
    ...onMembranes,
    ...inGap,
    ...clouds.map(({ update }) => update),
    captions,
  ];
  return {
    update(reading) {
      for (const update of updates) update(reading);
    },
    step(seconds) {
      vesicles?.step(seconds);
      for (const { cloud } of clouds) cloud.drift(seconds);
    },
    still() {
      vesicles?.still();
    },
  };
}

/** The brake on synthesis, where the model has one. */
function addBrakeOnSynthesis({ svg, layout, labels, first }: Stage): Update[] {
  if (!first.fluxes.synthesis || first.synthesisBrake === undefined) return [];
  // Where release is not braked too, the autoreceptors' own line leads here.
  const led = first.releaseBrake === undefined && first.autoreceptorOccupancy !== undefined;
  return [addSynthesisBrake(svg, layout, labels, led)];
}

/** The mitochondrion, where the model has an enzyme on it or a product that leaves. */
function addBreakdown({ svg, layout, labels, first }: Stage): Update[] {
  return first.enzymes.length || first.fluxes.metabolite_loss ? [addEnzymes(svg, layout, labels, first)] : [];
}

/** The brake on release, the pumps and the autoreceptors, where the model has them, and the receptors. */
function addOnMembranes({ svg, layout, labels, first }: Stage): Update[] {
  const updates: Update[] = [];
  if (first.releaseBrake !== undefined) updates.push(addBrake(svg, layout, labels));
  if (first.reuptakeBlocked !== undefined) updates.push(addPumps(svg, layout, labels));
  if (first.autoreceptorOccupancy !== undefined) updates.push(addAutoreceptors(svg, layout, labels));
  updates.push(addReceptors(svg, layout, labels));
  return updates;
}

/** The legend under the drawing. */
function addLegend({ svg, layout, first }: Stage): Update {
  const captions = legend(first, layout.legendLines).map((_, i) =>
    label(svg, { x: layout.legend.x, y: layout.legend.y + i * layout.lineHeight }, "", {
      size: layout.text - (layout.text > 12 ? 1 : 0),
      className: "scene-label scene-legend",
    }),
  );
  return (reading) => legend(reading, layout.legendLines).forEach((words, i) => write(captions[i], words));
}
