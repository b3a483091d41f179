/** Axis ends that do not jump under the hand: they grow at once and shrink when the slider has come to rest. */

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

/** Tick distance in whole, familiar steps of an hour or a millisecond, at most `most` of them. */
export function timeStep(span: number, most: number): number {
  const steps = [0.1, 0.2, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 72, 168, 336, 720, 1440, 4320, 8760];
  return steps.find((step) => span / step <= most) ?? span / most;
}
