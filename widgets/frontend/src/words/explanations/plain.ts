/** What can be said of a level whatever its model: that it rests, that something else moves, that it is too little to show. */
import type { Control } from "../../spec/read";
import { SAME, type Findings } from "../findings";
import { percentOf } from "../numbers";

/** An explanation has to account for this much of the level, as a natural logarithm (5 %). */
export const TELLING = Math.log(1.05);

export const log = (value: number | undefined) => (value === undefined ? 0 : Math.log(Math.max(value, 1e-6)));

export function plain(f: Findings, moved: Control | null, changed: readonly Control[]): string {
  if (f.end === null || f.lowest !== undefined) return "";
  const { end } = f;
  if (moved && changed.length === 0) return "That is how it is at rest.";
  if (moved?.name === "autoreceptor_gain" && Math.abs(end - 1) < SAME) return "Here the brake holds nothing back.";
  const other = [...f.others].sort((a, b) => Math.abs(log(b.fold)) - Math.abs(log(a.fold)))[0];
  if (other && Math.abs(end - 1) < 0.05 && Math.abs(log(other.fold)) > TELLING) {
    return `What moves most is ${other.output.noun}: ${percentOf(other.fold)} of baseline.`;
  }
  return Math.abs(end - 1) < 1e-4 ? "The change is too small to show." : "";
}
