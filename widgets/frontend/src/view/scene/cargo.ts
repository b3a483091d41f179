/** What is in a vesicle: dots in places that are well spread over it, however many of them are taken. */
import { seeded } from "./dots";
import { VESICLE_SLOTS } from "./quantities";
import { add, number, type Point } from "./svg";

/** Adds the path that draws a vesicle's dots; dotsAt() gives its data. */
export function addCargo(parent: Element, radius: number): SVGPathElement {
  return add(parent, "path", {
    fill: "none",
    stroke: "var(--scene-hue)",
    "stroke-width": 2 * radius,
    "stroke-linecap": "round",
  });
}

/** Dots at the first `count` places, moved by `offset`, as path data. */
export function dotsAt(places: Point[], count: number, offset: Point = { x: 0, y: 0 }): string {
  let d = "";
  for (let i = 0; i < count; i++) d += `M${number(offset.x + places[i].x)} ${number(offset.y + places[i].y)}h0`;
  return d;
}

/** Places for dots in a vesicle: a sunflower's pattern, taken in a shuffled order so that part-filled looks natural. */
export function slots(centre: Point, reach: number, seed: number): Point[] {
  const random = seeded(seed);
  const turn = random() * 2 * Math.PI;
  const points = Array.from({ length: VESICLE_SLOTS }, (_, i) => {
    const distance = reach * Math.sqrt((i + 0.5) / VESICLE_SLOTS);
    const angle = turn + i * Math.PI * (3 - Math.sqrt(5));
    return { x: centre.x + distance * Math.cos(angle), y: centre.y + distance * Math.sin(angle) };
  });
  return spread(points, Math.floor(random() * points.length));
}

/** Farthest-point order from the point at index `next`: the first n are spread over the vesicle for every n. */
function spread(points: Point[], next: number): Point[] {
  const order: Point[] = [];
  /** Squared distance of each place to the nearest one taken; -1 once it is taken itself. */
  const nearest = points.map(() => Infinity);
  while (order.length < points.length) {
    const taken = points[next];
    order.push(taken);
    nearest[next] = -1;
    let farthest = -1;
    for (let i = 0; i < points.length; i++) {
      if (nearest[i] < 0) continue;
      nearest[i] = Math.min(nearest[i], (points[i].x - taken.x) ** 2 + (points[i].y - taken.y) ** 2);
      if (nearest[i] > farthest) {
        farthest = nearest[i];
        next = i;
      }
    }
  }
  return order;
}
