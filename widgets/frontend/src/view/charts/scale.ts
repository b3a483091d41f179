/** Axis ends that do not jump under the hand: they grow at once and shrink when the slider has come to rest. */

import { scaleLinear } from "d3-scale";

const STEPS = [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The smallest end from a fixed ladder (1, 1.2, 1.5, 2, 3, ... times a power of ten) that is at least `value`. */
export function ladder(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

export class SteadyTop {
  private top = 0;

  /** `least`: the end never lies below this. */
  constructor(private readonly least: number) {}

  /** The axis end for curves that reach `highest`; `still`: nothing is being moved, so the axis may shrink. */
  fit(highest: number, still: boolean): number {
    const wanted = Math.max(this.least, ladder(highest * 1.04));
    if (still || wanted > this.top) this.top = wanted;
    return this.top;
  }
}

const FAMILIAR: Record<string, number[]> = {
  hour: [0.1, 0.2, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 72, 168, 336, 720, 1440, 4320, 8760],
  day: [0.1, 0.2, 0.5, 1, 2, 7, 14, 28, 56, 84, 182, 365],
};
const DECIMAL = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** Tick distance in whole, familiar steps of a unit of time, at most `most` of them. */
export function timeStep(span: number, most: number, unit = "hour"): number {
  return (FAMILIAR[unit] ?? DECIMAL).find((step) => span / step <= most) ?? span / most;
}

/**
 * Times for the rows of a table, in the unit shown: round ones, five to seventeen of them, and the end, round or not.
 */
export function tableTimes(span: number, unit: string): number[] {
  let step = timeStep(span, 8, unit);
  if (span / step < 4) step = timeStep(span, 16, unit);
  const times = Array.from({ length: Math.ceil(span / step - 1e-9) }, (_, i) => i * step);
  return [...times, span];
}

/** The same for values that may lie on both sides of zero, or far from it, such as a voltage: familiar ends around them. */
export class SteadyRange {
  private low = 0;
  private high = 0;

  fit(lowest: number, highest: number, still: boolean): [number, number] {
    if (lowest >= 0 && this.low >= 0) {
      const top = ladder(highest * 1.04);
      if (still || top > this.high) this.high = top;
      this.low = 0;
      return [0, this.high];
    }
    // Room for half a millivolt at least: a flat line is drawn in the middle of its chart.
    const room = Math.max((highest - lowest) * 0.04, Math.abs(highest) * 0.004, 1e-9);
    const [low, high] = scaleLinear().domain([lowest - room, highest + room]).nice(4).domain();
    if (still || low < this.low || this.low === this.high) this.low = low;
    if (still || high > this.high || this.low === this.high) this.high = high;
    return [this.low, this.high];
  }
}
