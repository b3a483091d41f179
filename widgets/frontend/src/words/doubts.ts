/** What the band round a curve shows, in words. */
import type { Band } from "../model/doubts";
import type { Doubt, OutputSpec } from "../spec/generated";
import { SAME } from "./findings";
import { inOwnUnit, place } from "./numbers";

/** Stands for what is still being calculated: what will be said takes about as much room. */
export const ANY_BAND: Pick<Band, "lowest" | "highest"> = {
  lowest: { value: 1.25, doubt: { meaning: "most that the brake can do to the release of the terminal", factor: 0.5, changes: {} } },
  highest: { value: 3.75, doubt: { meaning: "level at which half of the brake is on, as it was fitted", factor: 2, changes: {} } },
};

function changed({ meaning, factor }: Doubt): string {
  const how = factor === 2 ? "doubled" : factor === 0.5 ? "halved" : factor > 1 ? "raised" : "lowered";
  return `with \u201c${meaning}\u201d ${how}`;
}

/** How far the end of a curve moves when each of `count` constants is changed; `scale`: values as they are shown over the band's. */
export function doubtWords(band: Pick<Band, "lowest" | "highest"> | null, count: number, words: OutputSpec, scale: number): string {
  const what = `Shaded: the same run with each of the model\u2019s ${count} doubtful constants, those that are assumed or were fitted, halved and doubled in turn.`;
  if (!band) return `${what} None of these runs can be calculated with these settings.`;
  const say = ({ value }: { value: number }) => (words.relative ? place(value) : inOwnUnit(words, scale * value));
  const { lowest, highest } = band;
  if (highest.value - lowest.value <= SAME * Math.abs(highest.value)) return `${what} At the end none of them makes a difference.`;
  return `${what} At the end it lies between ${say(lowest)} (${changed(lowest.doubt)}) and ${say(highest)} (${changed(highest.doubt)}).`;
}
