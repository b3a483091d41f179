/** One drawing for one layout: puts the parts in order, back to front, and passes each new reading to all of them. */
import { addArrow } from "./arrows";
import { addBrake, addSynthesisBrake } from "./brake";
import { addCloud, type Cloud } from "./dots";
import { addEnzymes } from "./enzymes";
import type { Layout } from "./layout";
import { addPumps } from "./pumps";
import {
  CYTOSOL_DOTS,
  dotCount,
  type Flux,
  fluxWidth,
  GAP_DOTS,
  MOST_CYTOSOL_DOTS,
  MOST_GAP_DOTS,
  type Reading,
  together,
} from "./quantities";
import { addAutoreceptors, addReceptors } from "./receptors";
import { add, label, write } from "./svg";
import { addVesicles } from "./vesicles";
import { fluxWords, legend, type Labels } from "./words";

export interface Drawing {
  update(reading: Reading): void;
  step(seconds: number): void;
  still(): void;
}

const HUE = "var(--scene-hue)";

/** Draws into an empty `svg`. `first` decides which parts there are. */
export function draw(svg: SVGSVGElement, layout: Layout, labels: Labels, first: Reading): Drawing {
  const updates: ((reading: Reading) => void)[] = [];
  const steps: ((seconds: number) => void)[] = [];

  const cells = add(svg, "g", { class: "scene-cells" });
  const { terminal, receiver } = layout;
  add(cells, "path", { d: `${terminal.outline}Z`, fill: "var(--ls-terminal)" });
  add(cells, "path", line(terminal.outline, "var(--ls-terminal-edge)"));
  add(cells, "path", { d: receiver.body, fill: "var(--ls-receiver)" });
  add(cells, "path", line(receiver.outline, "var(--ls-receiver-edge)"));
  label(cells, layout.sender, "sending neuron", { size: layout.text, className: "scene-label" });

  /** An arrow for one reaction, with its own label. */
  const flow = (
    name: string,
    route: Parameters<typeof addArrow>[2],
    words: string,
    at: { x: number; y: number } | null,
    anchor: "start" | "middle" | "end",
    fluxIn: (reading: Reading) => Flux | undefined = (reading) => reading.fluxes[name],
  ) => {
    if (!fluxIn(first)) return;
    const arrow = addArrow(svg, name, route, HUE);
    if (at) label(svg, at, words, { size: layout.text, anchor, className: "scene-label" });
    updates.push((reading) => {
      const flux = fluxIn(reading);
      arrow.draw(fluxWidth(flux, reading.reference), flux ? fluxWords(words, flux) : words);
    });
  };

  if (first.fluxes.synthesis) {
    label(svg, layout.precursor, labels.precursor, { size: layout.text, anchor: "middle", className: "scene-label" });
    const { from, to, label: at } = layout.synthesis;
    const bend: [typeof from, typeof to] = [
      { x: from.x, y: from.y + 0.55 * (to.y - from.y) },
      { x: to.x, y: to.y - 0.5 * (to.y - from.y) },
    ];
    flow("synthesis", { from, to, bend }, labels.synthesis, at, "start");
  }
  if (first.fluxes.synthesis && first.synthesisBrake !== undefined) {
    // Where release is not braked too, the autoreceptors' own line leads here.
    const led = first.releaseBrake === undefined && first.autoreceptorOccupancy !== undefined;
    updates.push(addSynthesisBrake(svg, layout, labels, led));
  }
  if (first.enzymes.length || first.fluxes.metabolite_loss) updates.push(addEnzymes(svg, layout, labels, first));

  if (first.exchangeApart) {
    flow("packaging", layout.packaging, labels.packaging, layout.packaging.label, "middle");
    flow("leak", layout.leak, labels.leak, layout.leak.label, "middle");
  } else if (first.fluxes.packaging) {
    // Both directions dwarf everything else in the cell; what changes the store is their difference.
    const arrow = addArrow(svg, "packaging", layout.packaging, HUE);
    if (layout.packaging.label) {
      label(svg, layout.packaging.label, labels.packaging, { size: layout.text, anchor: "middle", className: "scene-label" });
    }
    updates.push((reading) => {
      const net = difference(reading.fluxes.packaging, reading.fluxes.leak);
      arrow.draw(
        fluxWidth({ ...net, rate: Math.abs(net.rate) }, reading.reference),
        fluxWords(net.rate < 0 ? `net ${labels.leak}` : `net ${labels.packaging}, less ${labels.leak}`, net),
        net.rate < 0,
      );
    });
  }

  const vesicles = first.vesicular !== undefined || first.fluxes.release ? addVesicles(svg, layout) : null;
  if (vesicles) {
    updates.push(vesicles.update);
    steps.push(vesicles.step);
  }
  if (first.releaseBrake !== undefined) updates.push(addBrake(svg, layout, labels));
  if (first.reuptakeBlocked !== undefined) updates.push(addPumps(svg, layout, labels));
  if (first.autoreceptorOccupancy !== undefined) updates.push(addAutoreceptors(svg, layout, labels));
  updates.push(addReceptors(svg, layout, labels));

  const { x } = layout.release;
  const y = layout.membrane(x);
  flow(
    "release",
    { from: { x, y: y + 5 }, to: { x, y: y + 5 + layout.release.arrow } },
    labels.release,
    layout.release.label,
    "middle",
  );
  flow("diffusion", layout.diffusion, labels.diffusion, layout.diffusion.label, "end");
  const others = (["extra_uptake", "extracellular_breakdown"] as const).filter((name) => first.fluxes[name]);
  const other = others.length > 1 ? "other_losses" : others[0];
  if (other) {
    flow(other, layout.otherUptake, labels[other], layout.otherUptake.label, "start", (reading) =>
      together(others.map((name) => reading.fluxes[name])),
    );
  }

  const clouds: Cloud[] = [];
  if (first.cytosolic !== undefined) {
    const { cytosol } = layout;
    const cloud = addCloud(svg, {
      className: "scene-cytosol",
      most: MOST_CYTOSOL_DOTS,
      radius: layout.dotRadius * 0.9,
      seed: 11,
      bounds: cytosol,
      inside: (px, py) => px > cytosol.left && px < cytosol.right && py > cytosol.top && py < cytosol.bottom,
      speed: 4,
    });
    clouds.push(cloud);
    updates.push((reading) => cloud.show(dotCount(reading.cytosolic, CYTOSOL_DOTS, MOST_CYTOSOL_DOTS)));
  }
  if (first.extracellular !== undefined) {
    const clear = layout.dotRadius + 3;
    const reserved = layout.reserved(first);
    const cloud = addCloud(svg, {
      className: "scene-gap",
      most: MOST_GAP_DOTS,
      radius: layout.dotRadius,
      seed: 5,
      bounds: layout.gap,
      inside: (px, py) =>
        px > layout.gap.left &&
        px < layout.gap.right &&
        py > layout.membrane(px) + clear + 2 &&
        py < layout.surface(px) - clear - layout.receptors.radius &&
        !reserved.some(
          (box) => px > box.left - clear && px < box.right + clear && py > box.top - clear && py < box.bottom + clear,
        ),
      speed: 7,
    });
    clouds.push(cloud);
    updates.push((reading) => cloud.show(dotCount(reading.extracellular, GAP_DOTS, MOST_GAP_DOTS)));
  }
  for (const cloud of clouds) steps.push(cloud.drift);

  const captions = legend(first, layout.legendLines).map((_, i) =>
    label(svg, { x: layout.legend.x, y: layout.legend.y + i * layout.lineHeight }, "", {
      size: layout.text - (layout.text > 12 ? 1 : 0),
      className: "scene-label scene-legend",
    }),
  );
  updates.push((reading) => legend(reading, layout.legendLines).forEach((words, i) => write(captions[i], words)));

  return {
    update(reading) {
      for (const update of updates) update(reading);
    },
    step(seconds) {
      for (const step of steps) step(seconds);
    },
    still() {
      vesicles?.still();
    },
  };
}

function line(d: string, stroke: string) {
  return { d, fill: "none", stroke, "stroke-width": 1.75, "stroke-linejoin": "round", "stroke-linecap": "round" };
}

/** What goes in less what leaks out; its ratio is to the same difference at baseline. */
function difference(into: Flux | undefined, out: Flux | undefined): Flux {
  const rate = (into?.rate ?? 0) - (out?.rate ?? 0);
  const baseline = (into?.baseline ?? 0) - (out?.baseline ?? 0);
  return { rate, baseline, ratio: baseline > 0 ? Math.abs(rate) / baseline : undefined };
}
