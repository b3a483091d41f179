/** The plug: the one sign for "blocked" throughout the drawing. A full disc with a bar, or a pie for a part. */
import { add, sector, set, show, type Point } from "./svg";

export interface Plug {
  /** Covers `part` (0..1) of the disc; nothing is drawn at 0. */
  draw(part: number): void;
}

export function addPlug(parent: Element, at: Point, radius: number): Plug {
  const group = add(parent, "g", { class: "scene-plug", display: "none" });
  add(group, "circle", {
    cx: at.x,
    cy: at.y,
    r: radius,
    fill: "var(--ls-card)",
    stroke: "var(--ls-ink)",
    "stroke-width": 1.5,
  });
  const pie = add(group, "path", { fill: "var(--ls-ink)" });
  const bar = add(group, "path", {
    d: `M${at.x - radius * 0.45},${at.y}h${radius * 0.9}`,
    stroke: "var(--ls-card)",
    "stroke-width": 2,
    "stroke-linecap": "round",
  });
  return {
    draw(part) {
      show(group, part > 0);
      set(group, "data-part", part);
      set(pie, "d", sector(at, radius, part));
      show(bar, part === 1);
    },
  };
}
