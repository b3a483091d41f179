/** What the chart of people shows, in words. */
import { ladder } from "../model/ladder";
import type { PopulationSpec, Summary } from "../model/population";
import type { OutputSpec } from "../spec/generated";
import { grouped, inOwnUnit, percentOf, place, times, unitFor } from "./numbers";

/** All people within this of one another count as one, relative. */
export const ALIKE = 1e-4;

/** Stand for people who are still being calculated: what will be said of those takes as much room. */
export const ANYBODY: Summary = { sorted: Float64Array.of(1.5, 2.5, 3.5), median: 2.5, low: 1.5, high: 3.5, lost: 0 };
export const ANY_QUANTILES = [1.5, 2, 2.5, 3, 3.5].map((level) => Float64Array.of(level));

/** What the chart shows, and that how widely people differ is assumed. */
export function peopleWords(people: Summary | null, spec: PopulationSpec, noun: string): string {
  const crowd = `${grouped(spec.n)} invented people`;
  const assumed = assumption(spec);
  if (!people) return `With these settings nothing settles in any of ${crowd}. ${assumed}`;
  const { sorted, median, low, high, lost } = people;
  const left = lost ? ` In ${grouped(lost)} of them nothing settles; they are left out.` : "";
  if (high - low < ALIKE * median) {
    const where = Math.abs(median - 1) < ALIKE ? "their own baseline, whatever that is" : place(median);
    return `In all of ${crowd} ${noun} is at ${where}.${left} ${assumed}`;
  }
  const write = unitFor(median);
  const from = low < 0.01 || median < 1 ? write(low) : write(low).replace(" times", "");
  const beyond = sorted[sorted.length - 1] > axisEnd(people) ? " The last bar holds all who lie further out." : "";
  const of = median >= 1 ? "times their own baseline" : "of their own baseline";
  const middle = write(median).replace(/ times$/, "");
  return `In the middle one of ${crowd} ${noun} settles at ${middle} ${of}; nine in ten lie between ${from} and ${write(high)}.${beyond}${left} ${assumed}`;
}

/** What the fan shows at its end, and that how widely people differ is assumed. */
export function fanWords(quantiles: readonly Float64Array[], spec: PopulationSpec, words: OutputSpec, lost: number): string {
  const crowd = `${grouped(spec.n)} invented people`;
  const [lowest, , middle, , highest] = quantiles.map((values) => values[values.length - 1]);
  if (!Number.isFinite(middle)) return `With these settings nobody of ${crowd} can be calculated. ${assumption(spec)}`;
  const left = lost ? ` ${grouped(lost)} of them cannot be calculated and are left out.` : "";
  return (
    `The line is the middle one of ${crowd}; half of them lie in the dark band and nine in ten in the light one. ` +
    `At the end the middle one is at ${inOwnUnit(words, middle)}, nine in ten between ${inOwnUnit(words, lowest)} and ` +
    `${inOwnUnit(words, highest)}.${left} ${assumption(spec)}`
  );
}

function assumption({ spread, constants }: PopulationSpec): string {
  const size = spread <= 0.3 ? `about ${percentOf(spread)}` : `a factor of about ${times(Math.exp(spread)).replace(" times", "")}`;
  const which = constants.length === 1 ? "one constant differs" : `${constants.length} constants differ`;
  return `That ${which} by ${size} from person to person is an assumption, not a measurement.`;
}

/** Everybody's end, unless a few are so far out that the others would be pressed together: those share the last bar. */
export function axisEnd({ sorted, high }: Summary): number {
  return Math.max(2, ladder(Math.min(sorted[sorted.length - 1] * 1.02, 2 * high)));
}
