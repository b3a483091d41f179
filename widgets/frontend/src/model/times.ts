/** Familiar steps of time: for the ticks of an axis and for the rows of a table. */

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
