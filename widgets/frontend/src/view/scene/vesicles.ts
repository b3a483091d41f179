/** The stored transmitter: vesicles with dots in them, and the one that fuses with the membrane to let them out. */
import { seeded } from "./dots";
import type { Layout } from "./layout";
import { clamp, type Reading, VESICLE_DOTS, VESICLE_SLOTS } from "./quantities";
import { add, number, set, show, type Point } from "./svg";

/** Seconds between two fusions at the baseline rate of release, and the shortest that is drawn. */
const PERIOD = 5;
const SHORTEST_PERIOD = 1.6;

export interface Vesicles {
  update(reading: Reading): void;
  /** Moves the fusing vesicle on by `seconds`. */
  step(seconds: number): void;
  /** Puts the fusing vesicle in the pose of the still drawing. */
  still(): void;
}

export function addVesicles(parent: Element, layout: Layout): Vesicles {
  const dot = layout.vesicles.dotRadius;
  const { centres, radius } = layout.vesicles;
  const group = add(parent, "g", { class: "scene-vesicles" });
  const clouds = centres.map((centre, i) => {
    add(group, "circle", {
      cx: centre.x,
      cy: centre.y,
      r: radius,
      fill: "var(--ls-card)",
      stroke: "var(--scene-hue)",
      "stroke-width": 1.5,
    });
    return { slots: slots(centre, radius - 2.5 - dot, i + 3), path: dotPath(group, dot) };
  });

  const fusing = add(parent, "g", { class: "scene-fusing" });
  const { x, radius: r } = layout.release;
  const y = layout.membrane(x);
  // Covers the membrane where the vesicle has opened into the gap.
  const mouth = add(fusing, "path", { stroke: "var(--ls-card)", "stroke-width": 3.5 });
  const skin = add(fusing, "path", {
    fill: "var(--ls-card)",
    stroke: "var(--scene-hue)",
    "stroke-width": 1.5,
    "stroke-linejoin": "round",
  });
  const cargo = dotPath(fusing, dot);
  const cargoSlots = slots({ x: 0, y: 0 }, r - 2.5 - dot, 2);
  let cargoCount = VESICLE_DOTS;
  let releases = true;
  let period = PERIOD;
  let phase = 0.55;

  /** `lift` px above the membrane, pore opened by `pore` (0 closed, 1 wide). */
  const pose = (lift: number, pore: number, opacity: number) => {
    const angle = pore * 0.95;
    const dx = r * Math.sin(angle);
    const centreY = y - lift - r * Math.cos(angle);
    const open = pore > 0.02;
    set(fusing, "opacity", opacity);
    show(mouth, open);
    const base = number(y - lift);
    if (open) {
      set(mouth, "d", `M${number(x - dx)},${base}h${number(2 * dx)}`);
      set(skin, "d", `M${number(x - dx)},${base}A${number(r)},${number(r)} 0 1 1 ${number(x + dx)},${base}`);
    } else {
      set(skin, "d", `M${number(x)},${base}A${number(r)},${number(r)} 0 1 1 ${number(x + 0.01)},${base}Z`);
    }
    let d = "";
    // The cargo leaves from the bottom as the pore widens.
    const left = Math.round(cargoCount * (1 - 0.6 * pore));
    for (let i = 0; i < left; i++) d += `M${number(x + cargoSlots[i].x)} ${number(centreY + cargoSlots[i].y)}h0`;
    set(cargo, "d", d);
  };
  const still = () => (releases ? pose(0, 0.75, 1) : pose(3, 0, 1));
  const ease = (t: number) => t * t * (3 - 2 * t);
  const moving = () => {
    if (!releases) return pose(3, 0, 1);
    if (phase < 0.3) pose(3 + 9 * (1 - ease(phase / 0.3)), 0, ease(phase / 0.3));
    else if (phase < 0.4) pose(3 * (1 - (phase - 0.3) / 0.1), 0, 1);
    else if (phase < 0.7) pose(0, ease((phase - 0.4) / 0.3), 1);
    else pose(0, 1, 1 - ease((phase - 0.7) / 0.3));
  };

  return {
    update(reading) {
      const level = reading.vesicular;
      show(group, level !== undefined);
      const total = Math.round(clamp((level ?? 0) * VESICLE_DOTS, 0, VESICLE_SLOTS) * clouds.length);
      set(group, "data-count", total);
      clouds.forEach(({ slots: places, path }, i) => {
        const count = Math.floor(total / clouds.length) + (i < total % clouds.length ? 1 : 0);
        let d = "";
        for (let j = 0; j < count; j++) d += `M${number(places[j].x)} ${number(places[j].y)}h0`;
        set(path, "d", d);
      });
      const release = reading.fluxes.release;
      show(fusing, level !== undefined || release !== undefined);
      cargoCount = clamp(Math.round((level ?? 1) * VESICLE_DOTS), 0, cargoSlots.length);
      releases = release !== undefined && release.rate > 1e-6 * reading.reference;
      const ratio = release?.ratio ?? 1;
      period = Math.max(SHORTEST_PERIOD, PERIOD / Math.max(ratio, 0.1));
      set(fusing, "data-releases", releases ? "yes" : "no");
    },
    step(seconds) {
      phase = (phase + seconds / period) % 1;
      moving();
    },
    still,
  };
}

function dotPath(parent: Element, radius: number): SVGPathElement {
  return add(parent, "path", {
    fill: "none",
    stroke: "var(--scene-hue)",
    "stroke-width": 2 * radius,
    "stroke-linecap": "round",
  });
}

/** Places for dots in a vesicle: a sunflower's pattern, taken in a shuffled order so that part-filled looks natural. */
function slots(centre: Point, reach: number, seed: number): Point[] {
  const random = seeded(seed);
  const turn = random() * 2 * Math.PI;
  const points = Array.from({ length: VESICLE_SLOTS }, (_, i) => {
    const distance = reach * Math.sqrt((i + 0.5) / VESICLE_SLOTS);
    const angle = turn + i * Math.PI * (3 - Math.sqrt(5));
    return { x: centre.x + distance * Math.cos(angle), y: centre.y + distance * Math.sin(angle) };
  });
  // Farthest-point order: the first n places are spread over the vesicle for every n.
  const order: Point[] = [];
  /** Squared distance of each place to the nearest one taken; -1 once it is taken itself. */
  const nearest = points.map(() => Infinity);
  let next = Math.floor(random() * points.length);
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
