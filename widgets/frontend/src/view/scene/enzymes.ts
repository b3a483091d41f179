/** Breakdown: the monoamine oxidases on a mitochondrion's outer membrane, fading and plugged as they are inhibited. */
import { addArrow } from "./arrows";
import type { Layout } from "./layout";
import { addPlug } from "./plug";
import { fluxWidth, type Reading, together } from "./quantities";
import { add, label, number, set, write, type Point } from "./svg";
import { fluxWords, percent, type Labels } from "./words";

/** `enzyme` is the family's name, as in "MAO"; the letters A and B are added where the model tells them apart. */
export function addEnzymes(parent: Element, layout: Layout, labels: Labels, first: Reading): (reading: Reading) => void {
  const group = add(parent, "g", { class: "scene-enzymes" });
  const box = layout.mitochondrion;
  const width = box.right - box.left;
  add(group, "rect", {
    x: box.left,
    y: box.top,
    width,
    height: box.bottom - box.top,
    rx: width / 2,
    fill: "var(--ls-card)",
    stroke: "var(--ls-enzyme)",
    "stroke-width": 1.5,
  });
  add(group, "path", {
    d: cristae(box.left + width * 0.3, box.left + width * 0.7, box.top + width * 0.45, box.bottom - width * 0.45),
    fill: "none",
    stroke: "var(--ls-enzyme)",
    "stroke-width": 1.25,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    opacity: 0.7,
  });

  const { radius } = layout.enzymes;
  const parts = first.enzymes.map(({ letter }, i) => {
    const alone = first.enzymes.length === 1;
    const at = alone
      ? { x: box.right, y: (layout.enzymes.a.y + layout.enzymes.b.y) / 2 }
      : [layout.enzymes.a, layout.enzymes.b][i];
    const arrow = addArrow(
      group,
      letter ? `breakdown_mao_${letter.toLowerCase()}` : "breakdown",
      { from: { x: layout.cytosol.left - 8, y: at.y }, to: { x: at.x + radius * 0.5, y: at.y } },
      "var(--ls-enzyme)",
    );
    const body = add(group, "g", { class: "scene-enzyme", "data-enzyme": letter });
    add(body, "path", { d: notched(at, radius), fill: "var(--ls-card)" });
    const fill = add(body, "path", { d: notched(at, radius), fill: "var(--ls-enzyme)" });
    add(body, "path", {
      d: notched(at, radius),
      fill: "none",
      stroke: "var(--ls-enzyme)",
      "stroke-width": 1.5,
      "stroke-linejoin": "round",
    });
    const plug = addPlug(body, { x: at.x + radius * 0.75, y: at.y }, radius * 0.62);
    const name = letter ? `${labels.enzyme}-${letter}` : labels.enzyme;
    label(body, { x: at.x + 7, y: at.y - radius - 3 }, name, {
      size: layout.text,
      colour: "var(--ls-enzyme)",
      className: "scene-label",
    });
    const state = label(body, { x: at.x + 7, y: at.y + radius + layout.text }, "", {
      size: layout.text,
      className: "scene-label",
    });
    return { arrow, body, fill, plug, name, state };
  });

  const product = addArrow(group, "metabolite_loss", layout.product, "var(--ls-enzyme)");
  // Centred over its arrow unless that would run off the drawing.
  const half = 0.29 * layout.text * labels.metabolite.length;
  const at = { x: Math.max(4 + half, layout.product.label.x), y: layout.product.label.y };
  label(group, at, labels.metabolite, {
    anchor: "middle",
    size: layout.text,
    colour: "var(--ls-enzyme)",
    className: "scene-label",
  });

  return (reading) => {
    reading.enzymes.forEach(({ inhibition, flux }, i) => {
      const { arrow, body, fill, plug, name, state } = parts[i];
      arrow.draw(fluxWidth(flux, reading.reference), flux ? fluxWords(`Breakdown by ${name}`, flux) : name);
      // A fully blocked enzyme keeps a trace of colour; its outline and the plug stay at full strength.
      set(fill, "opacity", number(1 - 0.85 * inhibition));
      set(body, "data-inhibition", inhibition);
      plug.draw(inhibition > 0.999 ? 1 : inhibition);
      write(state, inhibition > 0 ? `${percent(inhibition)} blocked` : "");
    });
    const leaving = reading.fluxes.metabolite_loss ?? together(reading.enzymes.map((enzyme) => enzyme.flux));
    product.draw(
      fluxWidth(leaving, reading.reference),
      leaving ? fluxWords(`${labels.metabolite} leaving`, leaving) : labels.metabolite,
    );
  };
}

/** A disc with a wedge cut out on the right: the active site. */
function notched({ x, y }: Point, radius: number): string {
  const half = 0.55;
  const dx = number(x + radius * Math.cos(half));
  const dy = radius * Math.sin(half);
  const r = number(radius);
  return `M${number(x + radius * 0.25)},${number(y)}L${dx},${number(y + dy)}A${r},${r} 0 1 1 ${dx},${number(y - dy)}Z`;
}

/** The inner membrane's folds, as one soft zigzag from top to bottom. */
function cristae(left: number, right: number, top: number, bottom: number): string {
  const folds = 5;
  const step = (bottom - top) / folds;
  let d = `M${number(left)},${number(top)}`;
  for (let i = 0; i < folds; i++) {
    const [near, far] = i % 2 ? [right, left] : [left, right];
    const y = top + i * step;
    d += `C${number(near)},${number(y + step * 0.75)} ${number(far)},${number(y + step * 0.25)} ${number(far)},${number(y + step)}`;
  }
  return d;
}
