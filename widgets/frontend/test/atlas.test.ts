/** The drug atlas's filter. With the words of all medicines it is asked by tests/test_atlas.py. */
import { expect, test } from "vitest";
import { count, matches } from "../src/runtime/atlas";

test.each([
  ["", true],
  [".", true],
  ["sertr", true],
  ["SERTRALINE", true],
  ["5-HT2A", true],
  ["5ht2a", true],
  ["ht2a", true],
  ["5\u2011HT2A", true],
  ["α2A", true],
  ["(ssri)", true],
  ["ssri 5-ht", true],
  ["raline", false],
  ["ssri 5-ht9", false],
])("%j finds the medicine: %s", (query, found) => {
  expect(matches("sertraline ssri 5-ht2a alpha2a", query)).toBe(found);
});

test.each([
  [66, 66, "66 medicines"],
  [7, 66, "7 of 66 medicines"],
])("%d of %d are told", (shown, all, words) => {
  expect(count(shown, all)).toBe(words);
});

test("none says what to do", () => {
  expect(count(0, 66)).toContain("None of the 66");
});
