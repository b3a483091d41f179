/** The charts' arithmetic: ends of axes, times for ticks and rows, moments of a raster. */
import { describe, expect, test } from "vitest";
import { ladder } from "../src/model/ladder";
import { moments } from "../src/model/moments";
import type { Summary } from "../src/model/population";
import { tableTimes, timeStep } from "../src/model/times";
import { SteadyRange, SteadyTop } from "../src/view/charts/scale";
import { axisEnd } from "../src/words/people";

test("the top of an axis grows at once and shrinks only at rest", () => {
  const top = new SteadyTop(150);
  const moves: [number, boolean][] = [[100, false], [160, false], [140, false], [140, true], [430, false]];
  expect(moves.map(([value, still]) => top.fit(value, still))).toEqual([150, 200, 200, 150, 500]);
});

test.each([
  [0.9, 1],
  [1, 1],
  [11, 12],
  [130, 150],
  [700, 800],
  [0, 1],
  [NaN, 1],
])("the step at or above %d is %d", (value, step) => {
  expect(ladder(value)).toBeCloseTo(step, 9);
});

test.each([
  [24, 6],
  [12, 3],
  [48, 12],
  [100, 24],
])("at most five ticks over %d hours stand %d hours apart", (span, step) => {
  expect(timeStep(span, 5)).toBe(step);
});

describe("an axis for values on both sides of zero", () => {
  test("has familiar ends around them, and does not jump under the hand", () => {
    const range = new SteadyRange();
    const [low, high] = range.fit(-65, 20, false);
    expect(low).toBeLessThanOrEqual(-65);
    expect(high).toBeGreaterThanOrEqual(20);
    expect(range.fit(-60, 0, false)).toEqual([low, high]);
    expect(range.fit(-60, 0, true)[1]).toBeLessThan(high);
  });

  test("begins at zero where nothing is below it", () => {
    expect(new SteadyRange().fit(0, 7, false)).toEqual([0, 8]);
  });

  test("has room around a flat line", () => {
    const [low, high] = new SteadyRange().fit(-70, -70, true);
    expect(low).toBeLessThan(-70);
    expect(high).toBeGreaterThan(-70);
  });
});

test.each([
  [24, "hour", [0, 3, 6, 9, 12, 15, 18, 21, 24].length],
  [28, "day", [0, 7, 14, 21, 28].length],
  [6.4, "second", [0, 1, 2, 3, 4, 5, 6, 6.4].length],
])("a table of %d %ss has round times and ends with the run", (span, unit, rows) => {
  const found = tableTimes(span, unit);
  expect(found).toHaveLength(rows);
  expect([found[0], found[found.length - 1]]).toEqual([0, span]);
});

test("what counts rose where its samples say, several in one sample apart", () => {
  const times = Float64Array.from([0, 1, 2, 3]);
  expect(moments(times, Float64Array.from([0, 0, 1, 1]))).toEqual([1.5]);
  expect(moments(times, Float64Array.from([2, 2, 2, 2]))).toEqual([]);
  const [first, second] = moments(times, Float64Array.from([0, 0, 0, 2]));
  expect(first).toBeGreaterThan(2);
  expect(second).toBeGreaterThan(first);
  expect(second).toBeLessThan(3);
});

test("a few who lie far out share the last bar", () => {
  const crowd = (last: number): Summary => ({ sorted: Float64Array.from([1, 2, last]), median: 2, low: 1, high: 4, lost: 0 });
  expect(axisEnd(crowd(4))).toBe(5);
  expect(axisEnd(crowd(400))).toBe(8);
  expect(axisEnd({ ...crowd(0.2), high: 0.2 })).toBe(2);
});
