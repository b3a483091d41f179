/** The vesicle that comes down to the membrane, fuses with it and lets its cargo out, as often as release is fast. */
import { addCargo, dotsAt, slots } from "./cargo";
import { clamp, type Reading, VESICLE_DOTS } from "./quantities";
import { add, number, set, show, type Point } from "./svg";

/** Where vesicles stand, and where one of them fuses. */
export interface Places {
  vesicles: { centres: Point[]; radius: number; dotRadius: number };
  release: { x: number; radius: number };
  /** Height of the membrane at x. */
  membrane(x: number): number;
}

/** What is stored, and how fast it is let out. */
export type Store = Pick<Reading, "vesicular" | "fluxes" | "reference">;

/** Seconds between two fusions at the baseline rate of release, and the shortest that is drawn. */
const PERIOD = 5;
const SHORTEST_PERIOD = 1.6;

/** `lift` px above the membrane, pore opened by `pore` (0 closed, 1 wide). */
interface Pose {
  lift: number;
  pore: number;
  opacity: number;
}

/** How it waits while nothing is released, and how it stands in the still drawing while something is. */
const WAITING: Pose = { lift: 3, pore: 0, opacity: 1 };
const OPEN: Pose = { lift: 0, pore: 0.75, opacity: 1 };

export class FusingVesicle {
  private readonly group: SVGGElement;
  private readonly mouth: SVGPathElement;
  private readonly skin: SVGPathElement;
  private readonly cargo: SVGPathElement;
  private readonly radius: number;
  /** Where it touches the membrane. */
  private readonly foot: Point;
  private readonly cargoSlots: Point[];
  private cargoCount = VESICLE_DOTS;
  private releases = true;
  private period = PERIOD;
  /** How far the present fusion has come, 0 to 1. */
  private phase = 0.55;

  constructor(parent: Element, layout: Places) {
    const { x, radius } = layout.release;
    const dot = layout.vesicles.dotRadius;
    this.radius = radius;
    this.foot = { x, y: layout.membrane(x) };
    this.group = add(parent, "g", { class: "scene-fusing" });
    // Covers the membrane where the vesicle has opened into the gap.
    this.mouth = add(this.group, "path", { stroke: "var(--ls-card)", "stroke-width": 3.5 });
    this.skin = add(this.group, "path", {
      fill: "var(--ls-card)",
      stroke: "var(--scene-hue)",
      "stroke-width": 1.5,
      "stroke-linejoin": "round",
    });
    this.cargo = addCargo(this.group, dot);
    this.cargoSlots = slots({ x: 0, y: 0 }, radius - 2.5 - dot, 2);
  }

  /** Takes the cargo and the pace from a reading; the pose follows with the next step. */
  update(reading: Store): void {
    const level = reading.vesicular;
    const release = reading.fluxes.release;
    show(this.group, level !== undefined || release !== undefined);
    this.cargoCount = clamp(Math.round((level ?? 1) * VESICLE_DOTS), 0, this.cargoSlots.length);
    this.releases = release !== undefined && release.rate > 1e-6 * reading.reference;
    const ratio = release?.ratio ?? 1;
    this.period = Math.max(SHORTEST_PERIOD, PERIOD / Math.max(ratio, 0.1));
    set(this.group, "data-releases", this.releases ? "yes" : "no");
  }

  step(seconds: number): void {
    this.phase = (this.phase + seconds / this.period) % 1;
    this.draw(this.releases ? poseAt(this.phase) : WAITING);
  }

  still(): void {
    this.draw(this.releases ? OPEN : WAITING);
  }

  private draw({ lift, pore, opacity }: Pose): void {
    const { x, y } = this.foot;
    const angle = pore * 0.95;
    const dx = this.radius * Math.sin(angle);
    const centreY = y - lift - this.radius * Math.cos(angle);
    const open = pore > 0.02;
    set(this.group, "opacity", opacity);
    show(this.mouth, open);
    const base = number(y - lift);
    const r = number(this.radius);
    if (open) {
      set(this.mouth, "d", `M${number(x - dx)},${base}h${number(2 * dx)}`);
      set(this.skin, "d", `M${number(x - dx)},${base}A${r},${r} 0 1 1 ${number(x + dx)},${base}`);
    } else {
      set(this.skin, "d", `M${number(x)},${base}A${r},${r} 0 1 1 ${number(x + 0.01)},${base}Z`);
    }
    // The cargo leaves from the bottom as the pore widens.
    const left = Math.round(this.cargoCount * (1 - 0.6 * pore));
    set(this.cargo, "d", dotsAt(this.cargoSlots, left, { x, y: centreY }));
  }
}

/** One fusion: it comes into sight and down, touches, opens, and fades into the membrane. */
function poseAt(phase: number): Pose {
  if (phase < 0.3) return { lift: 3 + 9 * (1 - ease(phase / 0.3)), pore: 0, opacity: ease(phase / 0.3) };
  if (phase < 0.4) return { lift: 3 * (1 - (phase - 0.3) / 0.1), pore: 0, opacity: 1 };
  if (phase < 0.7) return { lift: 0, pore: ease((phase - 0.4) / 0.3), opacity: 1 };
  return { lift: 0, pore: 1, opacity: 1 - ease((phase - 0.7) / 0.3) };
}

const ease = (t: number) => t * t * (3 - 2 * t);
