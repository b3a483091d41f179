/** Breakdown: the monoamine oxidases on a mitochondrion's outer membrane, fading and plugged as they are inhibited. */
import { addArrow } from "./arrows";
import type { Layout } from "./layout";
import type { Box } from "./layout-frame";
import { addPlug } from "./plug";
import { type Enzyme, fluxWidth, type Reading, together } from "./quantities";
import type { Update } from "./stage";
import { add, label, number, set, write, type Point } from "./svg";
import { fluxWords, percent, type Labels } from "./words";

/** `enzyme` is the family's name, as in "MAO"; the letters A and B are added where the model tells them apart. */
export function addEnzymes(parent: Element, layout: Layout, labels: Labels, first: Reading): Update {
  const group = add(parent, "g", { class: "scene-enzymes" });
  addMitochondrion(group, layout.mitochondrion);
  const { a, b } = layout.enzymes;
  const centres = first.enzymes.length === 1 ? [{ x: layout.mitochondrion.right, y: (a.y + b.y) / 2 }] : [a, b];
  const drawn = first.enzymes.map(({ letter }, i) => addEnzyme(group, layout, labels, letter, centres[i]));
  const updateProduct = addProduct(group, layout, labels);
  return (reading) => {
    reading.enzymes.forEach((enzyme, i) => drawn[i](enzyme, reading.reference));
    updateProduct(reading);
  };
}

/** The mitochondrion: its outer membrane, and the folds of the inner one. */
function addMitochondrion(parent: Element, box: Box): void {
  const width = box.right - box.left;
  add(parent, "rect", {
    x: box.left,
    y: box.top,
    width,
    height: box.bottom - box.top,
    rx: width / 2,
    fill: "var(--ls-card)",
    stroke: "var(--ls-enzyme)",
    "stroke-width": 1.5,
  });
  add(parent, "path", {
    d: cristae(box.left + width * 0.3, box.left + width * 0.7, box.top + width * 0.45, box.bottom - width * 0.45),
    fill: "none",
    stroke: "var(--ls-enzyme)",
    "stroke-width": 1.25,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    opacity: 0.7,
  });
}

/** One enzyme at `at`: the arrow that leads to it, its body that fades, its plug, its name and how much is blocked. */
function addEnzyme(
  parent: Element,
  layout: Layout,
  labels: Labels,
  letter: Enzyme["letter"],
  at: Point,
): (enzyme: Enzyme, reference: number) => void {
  const { radius } = layout.enzymes;
  const arrow = addArrow(
    parent,
    letter ? `breakdown_mao_${letter.toLowerCase()}` : "breakdown",
    { from: { x: layout.cytosol.left - 8, y: at.y }, to: { x: at.x + radius * 0.5, y: at.y } },
    "var(--ls-enzyme)",
  );
  const body = add(parent, "g", { class: "scene-enzyme", "data-enzyme": letter });
  const fill = addBody(body, at, radius);
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
  return ({ inhibition, flux }, reference) => {
    arrow.draw(fluxWidth(flux, reference), flux ? fluxWords(`Breakdown by ${name}`, flux) : name);
    // A fully blocked enzyme keeps a trace of colour; its outline and the plug stay at full strength.
    set(fill, "opacity", number(1 - 0.85 * inhibition));
    set(body, "data-inhibition", inhibition);
    plug.draw(inhibition > 0.999 ? 1 : inhibition);
    write(state, inhibition > 0 ? `${percent(inhibition)} blocked` : "");
  };
}

/** The enzyme's disc; gives back the colour that fades between its ground and its outline. */
function addBody(parent: Element, at: Point, radius: number): SVGPathElement {
  const d = notched(at, radius);
  add(parent, "path", { d, fill: "var(--ls-card)" });
  const fill = add(parent, "path", { d, fill: "var(--ls-enzyme)" });
  add(parent, "path", { d, fill: "none", stroke: "var(--ls-enzyme)", "stroke-width": 1.5, "stroke-linejoin": "round" });
  return fill;
}

/** The breakdown product and its way out of the cell. */
function addProduct(parent: Element, layout: Layout, labels: Labels): Update {
  const arrow = addArrow(parent, "metabolite_loss", layout.product, "var(--ls-enzyme)");
  // Centred over its arrow unless that would run off the drawing.
  const half = 0.29 * layout.text * labels.metabolite.length;
  const at = { x: Math.max(4 + half, layout.product.label.x), y: layout.product.label.y };
  label(parent, at, labels.metabolite, {
    anchor: "middle",
    size: layout.text,
    colour: "var(--ls-enzyme)",
    className: "scene-label",
  });
  return (reading) => {
    const leaving = reading.fluxes.metabolite_loss ?? together(reading.enzymes.map((enzyme) => enzyme.flux));
    arrow.draw(
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
