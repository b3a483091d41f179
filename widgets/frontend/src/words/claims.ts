/** Claims in words: what was found, what is needed, how many hold. */
import { bears, type Standing } from "../model/claims";
import type { ClaimSpec } from "../spec/generated";
import { times } from "./numbers";

/** "needs at least 2", "needs at most 0.5", "needs 2 to 4". */
export function needs({ low, high }: ClaimSpec): string {
  if (low !== null && high !== null) return `needs ${plain(low)} to ${plain(high)}`;
  return low !== null ? `needs at least ${plain(low)}` : `needs at most ${plain(high ?? 0)}`;
}

/** "2.9 times", with as many digits as tell on which side of the limit it lies; "" where it cannot be told. */
export function measured(claim: ClaimSpec, { ratio, holds }: Standing): string {
  if (holds === null) return "";
  let words = times(ratio);
  for (let digits = 2; digits <= 6 && bears(claim, Number(words.replace(/,| times/g, ""))) !== holds; digits++) {
    words = `${plain(Number(ratio.toPrecision(digits)))} times`;
  }
  return words;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function count(standings: readonly Standing[]): [held: number, open: number, all: number] {
  const held = standings.filter(({ holds }) => holds === true).length;
  return [held, standings.filter(({ holds }) => holds === null).length, standings.length];
}

/** Beside the list's heading: "4 of 5 hold". */
export function tally(standings: readonly Standing[]): string {
  const [held, open, all] = count(standings);
  return `${held} of ${all} ${held === 1 && all === 1 ? "holds" : "hold"}${open ? `, ${open} cannot be told` : ""}`;
}

/** For the sentence: "Of the 5 conclusions, 4 hold now." */
export function news(standings: readonly Standing[]): string {
  const [held, open, all] = count(standings);
  if (all === 1) {
    return open ? "Whether the conclusion holds cannot be told." : `The conclusion ${held ? "holds" : "does not hold"}.`;
  }
  const unknown = open ? ` and ${open} cannot be told` : "";
  if (held === all) return `All ${all} conclusions hold.`;
  return `Of the ${all} conclusions, ${held || "none"} ${held < 2 ? "holds" : "hold"}${unknown}.`;
}
