/** The transmitter's reactions as labelled arrows: made, packed and leaking, released, lost from the gap. */
import { addArrow, type Route } from "./arrows";
import { type Flux, fluxWidth, type Reading, together } from "./quantities";
import type { Stage, Update } from "./stage";
import { type Anchor, label, type Point } from "./svg";
import { fluxWords } from "./words";

const HUE = "var(--scene-hue)";

interface Flow {
  /** The arrow's name in the drawing. */
  name: string;
  route: Route;
  words: string;
  /** Where the words stand; null where there is no room for them. */
  at: Point | null;
  anchor: Anchor;
  /** The rate that is drawn, where it is not simply that of the reaction called `name`. */
  fluxIn?: (reading: Reading) => Flux | undefined;
}

/** An arrow for one reaction with its own label; nothing where the model does not have it. */
function addFlow({ svg, layout, first }: Stage, flow: Flow): Update[] {
  const { name, route, words, at, anchor, fluxIn = (reading: Reading) => reading.fluxes[name] } = flow;
  if (!fluxIn(first)) return [];
  const arrow = addArrow(svg, name, route, HUE);
  if (at) label(svg, at, words, { size: layout.text, anchor, className: "scene-label" });
  return [
    (reading) => {
      const flux = fluxIn(reading);
      arrow.draw(fluxWidth(flux, reading.reference), flux ? fluxWords(words, flux) : words);
    },
  ];
}

/** Synthesis: the precursor's name at the neck, and the curve from it to the free transmitter. */
export function addSynthesis(stage: Stage): Update[] {
  const { svg, layout, labels, first } = stage;
  if (!first.fluxes.synthesis) return [];
  label(svg, layout.precursor, labels.precursor, { size: layout.text, anchor: "middle", className: "scene-label" });
  const { from, to, label: at } = layout.synthesis;
  const bend: [Point, Point] = [
    { x: from.x, y: from.y + 0.55 * (to.y - from.y) },
    { x: to.x, y: to.y - 0.5 * (to.y - from.y) },
  ];
  return addFlow(stage, { name: "synthesis", route: { from, to, bend }, words: labels.synthesis, at, anchor: "start" });
}

/** Packaging and leak: two arrows where each is comparable with release, else one for their difference. */
export function addExchange(stage: Stage): Update[] {
  const { layout, labels, first } = stage;
  if (!first.exchangeApart) return first.fluxes.packaging ? [addNetExchange(stage)] : [];
  const { packaging, leak } = layout;
  return [
    ...addFlow(stage, { name: "packaging", route: packaging, words: labels.packaging, at: packaging.label, anchor: "middle" }),
    ...addFlow(stage, { name: "leak", route: leak, words: labels.leak, at: leak.label, anchor: "middle" }),
  ];
}

/** Both directions dwarf everything else in the cell; what changes the store is their difference. */
function addNetExchange({ svg, layout, labels }: Stage): Update {
  const arrow = addArrow(svg, "packaging", layout.packaging, HUE);
  if (layout.packaging.label) {
    label(svg, layout.packaging.label, labels.packaging, { size: layout.text, anchor: "middle", className: "scene-label" });
  }
  return (reading) => {
    const net = difference(reading.fluxes.packaging, reading.fluxes.leak);
    arrow.draw(
      fluxWidth({ ...net, rate: Math.abs(net.rate) }, reading.reference),
      fluxWords(net.rate < 0 ? `net ${labels.leak}` : `net ${labels.packaging}, less ${labels.leak}`, net),
      net.rate < 0,
    );
  };
}

/** What goes in less what leaks out; its ratio is to the same difference at baseline. */
function difference(into: Flux | undefined, out: Flux | undefined): Flux {
  const rate = (into?.rate ?? 0) - (out?.rate ?? 0);
  const baseline = (into?.baseline ?? 0) - (out?.baseline ?? 0);
  return { rate, baseline, ratio: baseline > 0 ? Math.abs(rate) / baseline : undefined };
}

/** Release: the arrow below the fusing vesicle. */
export function addRelease(stage: Stage): Update[] {
  const { x, arrow, label: at } = stage.layout.release;
  const y = stage.layout.membrane(x);
  const route = { from: { x, y: y + 5 }, to: { x, y: y + 5 + arrow } };
  return addFlow(stage, { name: "release", route, words: stage.labels.release, at, anchor: "middle" });
}

/** Diffusion on the right of the gap; on its left the other losses, as one arrow where a model has both. */
export function addLosses(stage: Stage): Update[] {
  const { layout, labels, first } = stage;
  const { diffusion, otherUptake } = layout;
  const updates = addFlow(stage, {
    name: "diffusion",
    route: diffusion,
    words: labels.diffusion,
    at: diffusion.label,
    anchor: "end",
  });
  const others = (["extra_uptake", "extracellular_breakdown"] as const).filter((name) => first.fluxes[name]);
  const other = others.length > 1 ? "other_losses" : others[0];
  if (!other) return updates;
  const fluxIn = (reading: Reading) => together(others.map((name) => reading.fluxes[name]));
  return [
    ...updates,
    ...addFlow(stage, { name: other, route: otherUptake, words: labels[other], at: otherUptake.label, anchor: "start", fluxIn }),
  ];
}
