/** Receptors as cups: on the receiving cell (opening upwards) and on the sending terminal (opening downwards). */
import type { Layout } from "./layout";
import { AUTORECEPTORS, type Reading, RECEPTORS, shares } from "./quantities";
import { add, label, number, sector, set, show, write } from "./svg";
import { percent, type Labels } from "./words";

interface Cup {
  /** Fills the cup with `part` (0..1) of a molecule. */
  draw(part: number): void;
}

function addCup(parent: Element, x: number, y: number, radius: number, opensUp: boolean): Cup {
  const sign = opensUp ? -1 : 1;
  const lip = radius * 0.9;
  const r = number(radius);
  const group = add(parent, "g", { class: "scene-cup" });
  add(group, "path", {
    d:
      `M${number(x - radius)},${number(y + sign * lip)}V${number(y)}` +
      `A${r},${r} 0 0 ${opensUp ? 0 : 1} ${number(x + radius)},${number(y)}V${number(y + sign * lip)}`,
    fill: "var(--ls-card)",
    stroke: "var(--ls-ink)",
    "stroke-width": 1.5,
    "stroke-linecap": "round",
  });
  const at = { x, y: y - sign * radius * 0.1 };
  const size = radius * 0.66;
  const rim = add(group, "circle", {
    cx: at.x,
    cy: at.y,
    r: size,
    fill: "none",
    stroke: "var(--scene-hue)",
    "stroke-width": 1.25,
  });
  const pie = add(group, "path", { fill: "var(--scene-hue)" });
  return {
    draw(part) {
      set(group, "data-part", part);
      show(rim, part > 0);
      set(pie, "d", sector(at, size, part));
    },
  };
}

export function addAutoreceptors(parent: Element, layout: Layout, labels: Labels): (reading: Reading) => void {
  const { xs, radius } = layout.autoreceptors;
  const group = add(parent, "g", { class: "scene-autoreceptors" });
  const cups = xs.map((x) => addCup(group, x, layout.membrane(x) + 1, radius, false));
  const caption = label(group, layout.autoreceptors.label, "", {
    size: layout.text,
    anchor: "end",
    className: "scene-label",
  });
  // The longer words leave no room for the number in the narrowest drawings; the cups still show it.
  const crowded = layout.width < 380;
  return (reading) => {
    const occupancy = reading.autoreceptorOccupancy ?? 0;
    shares(occupancy, AUTORECEPTORS).forEach((part, i) => cups[i].draw(part));
    const words = reading.autoreceptorSignal ? labels.autoreceptor_signal : labels.autoreceptors;
    write(caption, reading.autoreceptorSignal && crowded ? words : `${words} ${percent(occupancy)}`);
  };
}

export function addReceptors(parent: Element, layout: Layout, labels: Labels): (reading: Reading) => void {
  const { xs, radius } = layout.receptors;
  const group = add(parent, "g", { class: "scene-receptors" });
  const cups = xs.map((x) => addCup(group, x, layout.surface(x) - 1, radius, true));
  const lines = layout.receiverLines.map((at) =>
    label(group, at, "", { size: layout.text, anchor: "middle", className: "scene-label" }),
  );
  return (reading) => {
    const occupancy = reading.receptorOccupancy;
    shares(occupancy ?? 0, RECEPTORS).forEach((part, i) => cups[i].draw(part));
    show(group, true);
    const receptors = occupancy === undefined ? labels.receptors : `${labels.receptors} ${percent(occupancy)} occupied`;
    const words = lines.length > 1 ? ["receiving neuron", receptors] : [`receiving neuron: ${receptors}`];
    lines.forEach((line, i) => write(line, words[i]));
  };
}
