/** Fragments of addresses, well written or not. */
import { expect, test } from "vitest";
import { decoded } from "../src/runtime/fragment";

test.each([
  ["key-terms", "key-terms"],
  ["100%", "100%"],
  ["%", "%"],
  ["%E0%A4%A", "%E0%A4%A"],
  ["%CE%B1", "α"],
])("%s is read as %s", (written, read) => {
  expect(decoded(written)).toBe(read);
});
