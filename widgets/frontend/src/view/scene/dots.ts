/**
 * Molecules as dots: where they may be, how they drift.
 *
 * A whole cloud is one path of zero-length strokes with round caps, so a frame costs one attribute however many dots
 * there are. The places are well spread (each new dot is the remotest of a few random candidates) and the same at
 * every visit; the first n are well spread too, so a level can rise and fall without dots jumping.
 */
import { add, number, set } from "./svg";
import type { Box } from "./layout-frame";

/** A small seeded generator (mulberry32): the drawing must look the same each time it is opened. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Cloud {
  /** Shows the first `count` dots. */
  show(count: number): void;
  /** Lets the dots drift for `seconds`. */
  drift(seconds: number): void;
}

export interface CloudOptions {
  className: string;
  most: number;
  radius: number;
  seed: number;
  /** The box that holds the region, and the test for being inside it. */
  bounds: Box;
  inside(x: number, y: number): boolean;
  /** Typical speed, px per second. */
  speed: number;
}

const CANDIDATES = 8;
/** How long a dot keeps its direction, seconds: Brownian at a glance, without jitter. */
const PERSISTENCE = 1.6;

/** Where the dots are, px, and how fast they move, px per second. */
interface Dots {
  x: Float64Array;
  y: Float64Array;
  vx: Float64Array;
  vy: Float64Array;
}

/** Adds a cloud that shows no dots yet. */
export function addCloud(parent: Element, options: CloudOptions): Cloud {
  const random = seeded(options.seed);
  const dots = scatter(options, random);
  const path = add(parent, "path", {
    class: options.className,
    fill: "none",
    stroke: "var(--scene-hue)",
    "stroke-width": 2 * options.radius,
    "stroke-linecap": "round",
  });
  let shown = 0;
  const paint = () => {
    let d = "";
    for (let i = 0; i < shown; i++) d += `M${number(dots.x[i])} ${number(dots.y[i])}h0`;
    set(path, "d", d);
  };
  return {
    show(count) {
      const wanted = Math.min(options.most, count);
      if (wanted === shown) return;
      shown = wanted;
      set(path, "data-count", shown);
      paint();
    },
    drift(seconds) {
      move(dots, shown, seconds, options, random);
      paint();
    },
  };
}

/** The dots at their first places, each on its way in a direction of its own. */
function scatter(options: CloudOptions, random: () => number): Dots {
  const { most, speed } = options;
  const dots: Dots = {
    x: new Float64Array(most),
    y: new Float64Array(most),
    vx: new Float64Array(most),
    vy: new Float64Array(most),
  };
  for (let i = 0; i < most; i++) {
    place(dots, i, options, random);
    const angle = random() * 2 * Math.PI;
    dots.vx[i] = speed * Math.cos(angle);
    dots.vy[i] = speed * Math.sin(angle);
  }
  return dots;
}

/** Puts dot i where, of a few random candidates, it is remotest from the dots before it. */
function place({ x, y }: Dots, i: number, { bounds, inside }: CloudOptions, random: () => number): void {
  let best = -1;
  for (let c = 0, tries = 0; c < CANDIDATES && tries < 400; tries++) {
    const cx = bounds.left + random() * (bounds.right - bounds.left);
    const cy = bounds.top + random() * (bounds.bottom - bounds.top);
    if (!inside(cx, cy)) continue;
    c++;
    let nearest = Infinity;
    for (let j = 0; j < i; j++) nearest = Math.min(nearest, (x[j] - cx) ** 2 + (y[j] - cy) ** 2);
    if (nearest > best) {
      best = nearest;
      x[i] = cx;
      y[i] = cy;
    }
  }
}

/** Lets the first `count` dots drift; one that would leave the region turns back. */
function move(
  { x, y, vx, vy }: Dots,
  count: number,
  seconds: number,
  { inside, speed }: CloudOptions,
  random: () => number,
): void {
  const keep = Math.exp(-seconds / PERSISTENCE);
  const kick = speed * Math.sqrt(1 - keep * keep);
  for (let i = 0; i < count; i++) {
    // Two uniform numbers stand in for a normal one: the tails do not matter to the eye.
    vx[i] = keep * vx[i] + kick * 2.45 * (random() + random() - 1);
    vy[i] = keep * vy[i] + kick * 2.45 * (random() + random() - 1);
    const nx = x[i] + vx[i] * seconds;
    const ny = y[i] + vy[i] * seconds;
    if (inside(nx, ny)) {
      x[i] = nx;
      y[i] = ny;
    } else {
      vx[i] = -vx[i];
      vy[i] = -vy[i];
    }
  }
}
