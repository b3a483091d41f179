/**
 * The drawn GABA-A receptor: a sending terminal, the gap, and a receiving membrane with one receptor seen from the
 * side, through which chloride passes as fast as the run's current is large, in the direction of its sign.
 */
import { addArrow } from "../scene/arrows";
import { addCloud } from "../scene/dots";
import { Picture, type Drawing } from "../scene/picture";
import { addPlug } from "../scene/plug";
import { arrowWidth, dotCount } from "../scene/quantities";
import { add, label, number, set, write } from "../scene/svg";
import { addVesicles } from "../scene/vesicles";
import { addIonCloud, addStream, CHLORIDE } from "./ions";
import { type Layout, layoutFor, type Region } from "./layout";
import { BESIDE_SCALE, GAP_SCALE, MOST_BESIDE, MOST_GAP, OUTSIDE, type Reading } from "./quantities";
import { addReceptor, leader } from "./receptor";
import { describe, flowWords, type Names, pumpWords } from "./words";

export interface ChannelSpec extends Names {
  hue: string;
  /** The lab has a barbiturate. */
  opener: boolean;
}

type Update = (reading: Reading) => void;

export function createChannel(container: HTMLElement, spec: ChannelSpec, first: Reading): Picture<Reading> {
  return new Picture(
    container,
    {
      className: "scene channel",
      hue: spec.hue,
      parts: () => "all",
      draw: (svg, _, width, spaced) => draw(svg, layoutFor(width, spaced), spec),
      describe: (reading) => describe(reading, spec, spec.opener),
    },
    first,
  );
}

/** Each part adds to the drawing as it is called: their order here is the order back to front. */
function draw(svg: SVGSVGElement, layout: Layout, spec: ChannelSpec): Drawing<Reading> {
  set(svg, "viewBox", `0 0 ${layout.width} ${layout.height}`);
  const updates: Update[] = [addCells(svg, layout)];
  const vesicles = addVesicles(svg, layout);
  updates.push(addPump(svg, layout, spec), addReceptor(svg, layout, spec.opener));
  const gap = addGaba(svg, "gap", layout, layout.gap, MOST_GAP);
  const beside = addGaba(svg, "beside", layout, layout.beside, MOST_BESIDE);
  const outside = addIonCloud(svg, "outside", layout.outside);
  const inside = addIonCloud(svg, "inside", layout.inside);
  const stream = addStream(svg, layout);
  outside.show(OUTSIDE);
  let rate = 0;
  return {
    update(reading) {
      rate = reading.rate;
      for (const update of updates) update(reading);
      // One pulse in a third of a second lets out one vesicle in five.
      const release = { rate: reading.gap, baseline: undefined, ratio: reading.gap / 3 };
      vesicles.update({ vesicular: 1, fluxes: { release }, reference: 1 });
      gap.show(dotCount(reading.gap, GAP_SCALE, MOST_GAP));
      beside.show(dotCount(reading.beside, BESIDE_SCALE, MOST_BESIDE));
      inside.show(reading.inside);
      stream.update(reading);
    },
    step(seconds) {
      vesicles.step(seconds);
      gap.drift(seconds);
      beside.drift(seconds);
      stream.step(seconds);
      // Without a current nothing of chloride moves.
      const moved = seconds * Math.min(1, rate);
      if (!moved) return;
      outside.drift(moved);
      inside.drift(moved);
    },
    still() {
      vesicles.still();
      stream.still();
    },
  };
}

function addGaba(svg: Element, name: string, { dotRadius: radius }: Layout, { bounds, inside }: Region, most: number) {
  return addCloud(svg, { className: `scene-${name}`, most, radius, seed: most, bounds, inside, speed: 7 });
}

/** The two cells, the membrane between gap and receiving cell, and what they are called. */
function addCells(svg: Element, layout: Layout): Update {
  const { terminal, surface, thick, left, right, bottom, axis, scale, text, lineHeight, chlorideWords: ions } = layout;
  const n = number;
  const line = (d: string, stroke: string) => add(svg, "path", { d, fill: "none", stroke, "stroke-width": 1.75, "stroke-linejoin": "round" });
  add(svg, "path", { d: `${terminal}Z`, fill: "var(--ls-terminal)" });
  line(terminal, "var(--ls-terminal-edge)");
  add(svg, "path", { d: `M${n(left)},${n(surface + 4)}H${n(right)}V${n(bottom)}H${n(left)}Z`, fill: "var(--ls-receiver)" });
  line(`M${n(left)},${n(surface + thick)}V${n(bottom)}M${n(right)},${n(surface + thick)}V${n(bottom)}`, "var(--ls-receiver-edge)");
  addBilayer(svg, [left, axis - 40 * scale], surface, thick);
  addBilayer(svg, [axis + 40 * scale, right], surface, thick);
  const named = { size: text, className: "scene-label" };
  label(svg, layout.sender, "sending neuron", { ...named, anchor: "middle" });
  const { vesicles, vesicleWords: at } = layout;
  const near = vesicles.centres[2];
  leader(svg, { x: at.x - 3, y: at.y - 4 }, { x: near.x + vesicles.radius, y: near.y - 2 });
  ["vesicles", "of GABA"].forEach((said, i) => label(svg, { x: at.x, y: at.y + i * lineHeight }, said, named));
  label(svg, ions, "chloride", { ...named, anchor: "end" });
  const [cell, current] = layout.stateWords;
  label(svg, cell, "receiving neuron", { ...named, anchor: "middle" });
  const state = label(svg, current, "", { ...named, anchor: "middle", weight: 600, colour: CHLORIDE });
  return (reading) => write(state, flowWords(reading));
}

/** The membrane's two layers: heads as dots, tails between them. */
function addBilayer(svg: Element, [from, to]: [number, number], top: number, thick: number): void {
  const row = (y: number, width: number, dashes: string, opacity?: number) =>
    add(svg, "path", {
      d: `M${number(from + 3)},${number(y)}H${number(to)}`,
      stroke: "var(--ls-receiver-edge)",
      "stroke-width": width,
      "stroke-dasharray": dashes,
      "stroke-linecap": width < 8 ? "round" : undefined,
      opacity,
    });
  row(top + thick / 2, thick - 8, "1.2 2.3", 0.55);
  row(top + 3, 6, "0.01 7");
  row(top + thick - 3, 6, "0.01 7");
}

/** The transporter in the terminal's membrane: its arrow as wide as it is fast; greyed and barred when blocked. */
function addPump(svg: Element, { pump: { x, y }, pumpWords: at, text, scale }: Layout, names: Names): Update {
  const group = add(svg, "g", { class: "channel-pump" });
  const arrow = addArrow(group, "reuptake", { from: { x, y: y + 27 }, to: { x, y: y - 36 } }, "var(--scene-hue)");
  const [wide, long, half] = [8 * scale, 32 * scale, 4.5 * scale];
  const walls = [-half - wide, half].map((from) =>
    add(group, "rect", { x: x + from, y: y - long / 2, width: wide, height: long, rx: wide / 2, "stroke-width": 1.5 }),
  );
  const plug = addPlug(group, { x, y: y + long / 2 }, half + wide * 0.7);
  const said = label(group, at, "", { size: text, anchor: "end", className: "scene-label" });
  return ({ blocked, reuptake, resting }) => {
    arrow.draw(blocked < 1 ? arrowWidth(reuptake, resting) : 0, pumpWords(blocked, names));
    for (const wall of walls) {
      set(wall, "fill", blocked < 1 ? "var(--ls-card)" : "var(--ls-line)");
      set(wall, "stroke", blocked < 1 ? "var(--ls-ink)" : "var(--ls-control)");
    }
    plug.draw(blocked);
    set(group, "data-blocked", blocked);
    write(said, pumpWords(blocked, names));
  };
}
