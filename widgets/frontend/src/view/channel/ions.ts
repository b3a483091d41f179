/** Chloride: discs with a minus sign, standing on both sides of the membrane and on their way through the pore. */
import { addArrow } from "../scene/arrows";
import { addCloud } from "../scene/dots";
import { arrowWidth } from "../scene/quantities";
import { add, number, set } from "../scene/svg";
import type { Layout, Region } from "./layout";
import { OUTSIDE, type Reading, stillAt, underway } from "./quantities";
import { flowWords } from "./words";

const RADIUS = 4.3;
const SIGN = 4;
/** The colour of chloride: one that is no messenger's. */
export const CHLORIDE = "var(--ls-link)";

/** A group in chloride's colour, and the minus signs on the discs that `d` draws. */
function addSigned(parent: Element, name: string): { group: SVGGElement; sign(d: string): void } {
  const group = add(parent, "g", { class: name, style: `--scene-hue:${CHLORIDE}` });
  const signs = add(group, "path", {
    transform: `translate(${-SIGN / 2} 0)`,
    stroke: "var(--ls-card)",
    "stroke-width": 1.5,
    "stroke-linecap": "round",
  });
  return {
    group,
    sign(d) {
      // On top of what was added to the group since.
      if (signs.nextSibling) group.append(signs);
      set(signs, "d", d.replaceAll("h0", `h${SIGN}`));
    },
  };
}

interface Ions {
  show(count: number): void;
  drift(seconds: number): void;
}

export function addIonCloud(parent: Element, side: "outside" | "inside", { bounds, inside }: Region): Ions {
  const { group, sign } = addSigned(parent, "channel-ions");
  const className = `channel-${side}`;
  const seed = side === "outside" ? 21 : 34;
  const cloud = addCloud(group, { className, most: OUTSIDE, radius: RADIUS, seed, bounds, inside, speed: 6 });
  const discs = group.querySelector(`.${className}`)!;
  const follow = () => sign(discs.getAttribute("d") ?? "");
  return {
    show(count) {
      cloud.show(count);
      follow();
    },
    drift(seconds) {
      cloud.drift(seconds);
      follow();
    },
  };
}

/** Where the ion of this number is, `at` of its way from outside to inside: from one side into the pore, and out. */
export function placeOf({ axis, scale, surface, thick }: Layout, at: number, number: number): { x: number; y: number } {
  const [top, end] = [surface - 112 * scale, surface + thick + 54];
  const y = top + (end - top) * at;
  const narrow = surface + thick / 2;
  const far = y < narrow ? Math.max(0, (surface - 62 * scale - y) / (surface - 62 * scale - top)) : Math.max(0, (y - surface - thick) / (end - surface - thick));
  const lean = Math.sin(2.4 * number);
  return { x: axis + lean * far ** 1.5 * (y < narrow ? 30 : 22), y };
}

export interface Stream {
  update(reading: Reading): void;
  step(seconds: number): void;
  still(): void;
}

/** The current: an arrow as wide as it is large, and ions that pass one after another. */
export function addStream(parent: Element, layout: Layout): Stream {
  const { axis, scale, surface, thick } = layout;
  const route = { from: { x: axis, y: surface - 92 * scale }, to: { x: axis, y: surface + thick + 52 } };
  const arrow = addArrow(parent, "chloride", route, CHLORIDE, false);
  set(arrow.group, "opacity", 0.32);
  const { group, sign } = addSigned(parent, "channel-stream");
  const discs = add(group, "path", { stroke: CHLORIDE, "stroke-width": 2 * RADIUS, "stroke-linecap": "round" });
  let reading: Reading | null = null;
  let passed = 0.5;
  const paint = () => {
    let d = "";
    for (const { at, number: which } of reading ? underway(passed, reading.rate, reading.way) : []) {
      const { x, y } = placeOf(layout, at, which);
      d += `M${number(x)} ${number(y)}h0`;
    }
    set(discs, "d", d);
    sign(d);
  };
  return {
    update(next) {
      reading = next;
      set(group, "data-way", next.way);
      set(group, "data-rate", next.rate);
      arrow.draw(arrowWidth(next.rate, 1), flowWords(next), next.way === "out");
      paint();
    },
    step(seconds) {
      passed += seconds * (reading?.rate ?? 0);
      paint();
    },
    still() {
      passed = stillAt(reading?.rate ?? 0);
      paint();
    },
  };
}
