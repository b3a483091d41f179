/** Familiar numbers for the end of an axis. */

const STEPS = [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The smallest end from a fixed ladder (1, 1.2, 1.5, 2, 3, ... times a power of ten) that is at least `value`. */
export function ladder(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}
