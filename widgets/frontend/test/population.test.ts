/** Many people: what they have in common, in numbers and in words. Who they are is held beside the kernel's in Python. */
import { describe, expect, test } from "vitest";
import { nameHash, normalNumber, quantile, summary, type PopulationSpec } from "../src/model/population";
import { peopleWords } from "../src/words/people";

test("quantiles are those of numpy", () => {
  const values = Array.from({ length: 37 }, (_, i) => Math.exp(Math.sin(7 * i + 1)));
  const { sorted, low, median, high, lost } = summary(Float64Array.from([NaN, ...values]))!;
  expect([...sorted]).toEqual([...values].sort((a, b) => a - b));
  expect(lost).toBe(1);
  // numpy.quantile(numpy.exp(numpy.sin(7 * numpy.arange(37) + 1)), [0.05, 0.5, 0.95])
  QUANTILES.forEach((expected, k) => expect([low, median, high][k] / expected).toBeCloseTo(1, 11));
  expect(quantile(Float64Array.from([1, 2]), 0.25)).toBe(1.25);
});
const QUANTILES = [0.3748977798336205, 1.073315264124991, 2.692455857676423];

test("nobody settled is no summary", () => {
  expect(summary(Float64Array.from([NaN, NaN]))).toBeNull();
});

test("what a person gets depends on crowd, person and constant", () => {
  const one = normalNumber(1, 0, nameHash("V_SERT"));
  expect(normalNumber(1, 0, nameHash("V_SERT"))).toBe(one);
  expect(new Set([one, normalNumber(2, 0, nameHash("V_SERT")), normalNumber(1, 1, nameHash("V_SERT")), normalNumber(1, 0, nameHash("K_SERT"))]).size).toBe(4);
});

describe("people in words", () => {
  const spec: PopulationSpec = { n: 1000, seed: 1, spread: 0.2, constants: Array<string>(46).fill("a") };
  const say = (folds: number[], more: Partial<PopulationSpec> = {}) =>
    peopleWords(summary(Float64Array.from(folds)), { ...spec, ...more }, "serotonin");
  const even = (from: number, to: number) => Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  const assumed = "That 46 constants differ by about 20\u202f% from person to person is an assumption, not a measurement.";
  const middle = "In the middle one of 1,000 invented people serotonin settles at";

  test("above the baseline", () => {
    expect(say(even(2, 4))).toBe(`${middle} 3 times their own baseline; nine in ten lie between 2.1 and 3.9 times. ${assumed}`);
  });

  test.each<[string, number[], string]>([
    ["below it", even(0.4, 0.8), `${middle} 60\u202f% of their own baseline; nine in ten lie between 42\u202f% and 78\u202f%.`],
    ["at it", [1, 1, 1], "In all of 1,000 invented people serotonin is at their own baseline, whatever that is."],
    ["all alike", [2, 2, 2], "In all of 1,000 invented people serotonin is at 2 times baseline."],
    ["none", [NaN, NaN], "With these settings nothing settles in any of 1,000 invented people."],
  ])("%s", (_, folds, start) => {
    expect(say(folds).startsWith(start), say(folds)).toBe(true);
    expect(say(folds)).toContain("assumption");
  });

  test("who is left out, and who shares the last bar", () => {
    expect(say([...even(2, 4), NaN])).toContain("In 1 of them nothing settles; they are left out.");
    expect(say([...even(2, 4), 60])).toContain("The last bar holds all who lie further out.");
    expect(say(even(2, 4))).not.toContain("further out");
    for (const words of [say([...even(2, 4), NaN]), say([...even(2, 4), 60])]) expect(words).toContain("assumption");
  });

  test("one constant that differs widely", () => {
    expect(say(even(2, 4), { spread: 0.5, constants: ["a"] })).toContain(
      "one constant differs by a factor of about 1.65 from person to person is an assumption",
    );
  });
});
