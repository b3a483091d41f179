/** Arrows whose width is a rate: a shaft, a head that grows with it, and a dotted trace where nothing flows. */
import { add, number, set, show, type Point } from "./svg";

/** A flow below this width, px, is drawn this wide: thinner lines would fade below the contrast that can be seen. */
const THINNEST = 0.8;

/** Where an arrow runs. With `bend`, it is a cubic curve that leaves and arrives along the given directions. */
export interface Route {
  from: Point;
  to: Point;
  /** Control points of the curve. */
  bend?: [Point, Point];
}

export interface Arrow {
  group: SVGGElement;
  /** Draws the arrow `width` px wide; 0 leaves a dotted trace. `reversed` turns it round. */
  draw(width: number, title: string, reversed?: boolean): void;
}

/** Adds an arrow for the named reaction. `colour` is a CSS colour; `traced` dots the route while nothing flows. */
export function addArrow(parent: Element, name: string, route: Route, colour: string, traced = true): Arrow {
  const group = add(parent, "g", { class: `scene-arrow scene-${name}`, "data-flux": name });
  const title = add(group, "title");
  const trace = add(group, "path", {
    d: pathBetween(route),
    fill: "none",
    stroke: "var(--ls-control)",
    "stroke-width": 1.25,
    "stroke-linecap": "round",
    "stroke-dasharray": "0.1 4.5",
  });
  const shaft = add(group, "path", { fill: "none", stroke: colour });
  const head = add(group, "path", { fill: colour });
  return {
    group,
    draw(width, words, reversed = false) {
      if (title.textContent !== words) title.textContent = words;
      set(group, "data-width", number(width));
      const flows = width > 0;
      show(trace, traced && !flows);
      show(shaft, flows);
      show(head, flows);
      if (!flows) return;
      const way = reversed ? turned(route) : route;
      const drawn = Math.max(THINNEST, width);
      const length = 5 + 0.75 * drawn;
      const half = 3.2 + 0.72 * drawn;
      const approach = way.bend ? way.bend[1] : way.from;
      const distance = Math.hypot(way.to.x - approach.x, way.to.y - approach.y) || 1;
      const ux = (way.to.x - approach.x) / distance;
      const uy = (way.to.y - approach.y) / distance;
      const neck = { x: way.to.x - ux * (length - 1), y: way.to.y - uy * (length - 1) };
      const base = { x: way.to.x - ux * length, y: way.to.y - uy * length };
      set(shaft, "d", pathBetween({ ...way, to: neck }));
      set(shaft, "stroke-width", drawn);
      set(
        head,
        "d",
        `M${number(way.to.x)},${number(way.to.y)}L${number(base.x - uy * half)},${number(base.y + ux * half)}` +
          `L${number(base.x + uy * half)},${number(base.y - ux * half)}Z`,
      );
    },
  };
}

function pathBetween({ from, to, bend }: Route): string {
  const start = `M${number(from.x)},${number(from.y)}`;
  if (!bend) return `${start}L${number(to.x)},${number(to.y)}`;
  return `${start}C${bend.map((p) => `${number(p.x)},${number(p.y)}`).join(" ")} ${number(to.x)},${number(to.y)}`;
}

function turned(route: Route): Route {
  return { from: route.to, to: route.from, bend: route.bend ? [route.bend[1], route.bend[0]] : undefined };
}
