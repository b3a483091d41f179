/** Claims: their words, and how the judging keeps to its budget. Beside the kernel's they are held by tests/test_claims.py. */
import { describe, expect, test } from "vitest";
import { Claims, type Standing } from "../src/model/claims";
import { loadModel } from "../src/model/module";
import type { ClaimSpec } from "../src/spec/generated";
import { measured, needs, news, tally } from "../src/words/claims";
import { text } from "./models";

const claim = (changes: Partial<ClaimSpec>): ClaimSpec => ({
  text: "A block doubles it",
  output: "gap",
  change: { blocked: 0.5 },
  against: { blocked: 0 },
  low: 2,
  high: null,
  source: "",
  ...changes,
});

test.each([
  [2.907, 2, null, "2.9 times; needs at least 2"],
  [1.9996, 2, null, "1.9996 times; needs at least 2"],
  [2.00001, 2, null, "2 times; needs at least 2"],
  [0.6253, null, 0.67, "0.63 times; needs at most 0.67"],
  [0.675, 0.5, 0.75, "0.68 times; needs 0.5 to 0.75"],
  [1234.5, 10, null, "1,235 times; needs at least 10"],
  [null, 2, null, "; needs at least 2"],
  [0.99999, 1, null, "0.99999 times; needs at least 1"],
])("what was measured in words: %d, %d to %d", (ratio, low, high, words) => {
  const holds = ratio === null ? null : (low === null || ratio >= low) && (high === null || ratio <= high);
  const spec = claim({ low, high });
  expect(`${measured(spec, { ratio: ratio ?? NaN, holds })}; ${needs(spec)}`).toBe(words);
});

test.each<[(boolean | null)[], string, string]>([
  [[true, true, true, true, true], "5 of 5 hold", "All 5 conclusions hold."],
  [[true, true, true, true, false], "4 of 5 hold", "Of the 5 conclusions, 4 hold."],
  [[false, false, false], "0 of 3 hold", "Of the 3 conclusions, none holds."],
  [[true, false, null], "1 of 3 hold, 1 cannot be told", "Of the 3 conclusions, 1 holds and 1 cannot be told."],
  [[true], "1 of 1 holds", "The conclusion holds."],
  [[false], "0 of 1 hold", "The conclusion does not hold."],
  [[null], "0 of 1 hold, 1 cannot be told", "Whether the conclusion holds cannot be told."],
  [[null, null], "0 of 2 hold, 2 cannot be told", "Of the 2 conclusions, none holds and 2 cannot be told."],
])("how many of %j hold in words", (holds, short, long) => {
  const standings: Standing[] = holds.map((each) => ({ ratio: 1, holds: each }));
  expect(tally(standings)).toBe(short);
  expect(news(standings)).toBe(long);
});

describe("with a clock that ticks at every look", () => {
  test("a move keeps to its budget, nothing is passed over for long, and rest makes up for it", async () => {
    const model = await loadModel(text("pump"));
    const vmax = model.parameters.findIndex((parameter) => parameter.name === "vmax");
    const specs = Array.from({ length: 6 }, (_, i) => claim({ change: { blocked: 0.5, make: 2 + i / 10 } }));
    /** Where made equals pumped, the gap holds make * km / (vmax * (1 - blocked) - make). */
    const expected = (v: number) => specs.map((_, i) => ((2 + i / 10) / (v / 2 - (2 + i / 10))) / (2 / (v - 2)));
    let now = 0;
    let tick = 1;
    const judge = new Claims(model, specs, 24, () => (now += tick));
    const p = Float64Array.from(model.parameters, (parameter) => parameter.value);
    const ratios = () => judge.standings.map(({ ratio }) => ratio);
    const near = (found: number[], wanted: number[], relative: number) =>
      found.forEach((ratio, i) => expect(Math.abs(ratio / wanted[i] - 1)).toBeLessThanOrEqual(relative));

    tick = 0;
    judge.update(p);
    const first = ratios();
    expect(first.every(Number.isFinite)).toBe(true);
    near(first, expected(300), 1e-6);

    tick = 1;
    p[vmax] = 100;
    const moves = Array.from({ length: 6 }, () => {
      const complete = judge.update(p, 6);
      return { complete, changed: ratios().filter((ratio, i) => Math.abs(ratio / first[i] - 1) > 1e-6).length };
    });
    const changed = moves.map((move) => move.changed);
    expect(changed[0], "one move does some of the claims").toBeGreaterThan(0);
    expect(changed[0], "and not all of them").toBeLessThan(6);
    expect(changed, "the next moves do the others").toEqual([...changed].sort((a, b) => a - b));
    expect(changed[5]).toBe(6);
    expect(moves[0].complete).toBe(false);
    expect(moves[5].complete).toBe(true);

    tick = 0;
    p[vmax] = 200;
    expect(judge.update(p, 6)).toBe(true);
    const fast = ratios();
    expect(judge.update(p)).toBe(true);
    near(fast, ratios(), 1e-6);
    near(fast, expected(200), 1e-6);
  });
});
