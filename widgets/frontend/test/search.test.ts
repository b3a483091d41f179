/** What the search page adds to Sphinx's index. On the page itself it is asked by tests/browser/test_search.py. */
import { expect, test } from "vitest";
import { plainTable, teach } from "../src/runtime/search";

const split = (text: string) => text.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
const stem = (word: string) => word.replace(/e$/, "");

test("a table holds what was put into it and nothing else", () => {
  const table = plainTable<number | undefined>({ serotonin: 1 });
  expect(table.serotonin).toBe(1);
  for (const name of ["constructor", "__proto__", "toString", "valueOf"]) expect(table[name]).toBeUndefined();
  expect(Object.keys(table)).toEqual(["serotonin"]);
  expect([table.hasOwnProperty("serotonin"), table.hasOwnProperty("constructor")]).toEqual([true, false]);
});

test("another name finds what the name finds, where all its words stand", () => {
  const index = {
    terms: { fluoxetin: [1, 2], ht2a: 3, mao: [1, 4] },
    titleterms: { fluoxetin: 2 },
    alltitles: { Fluoxetine: [[2, "drug-fluoxetine"]] as [number, string][] },
  };
  teach(index, { Prozac: ["fluoxetine"], "5HT2A": ["5-HT2A"], MAOB: ["MAO-B"], Nothing: ["no such thing"], Number: ["12"] }, stem, split);
  expect(index.terms).toMatchObject({ prozac: [1, 2], "5ht2a": [3], maob: [1, 4] });
  expect(index.titleterms).toMatchObject({ prozac: [2] });
  expect(index.alltitles).toMatchObject({ Prozac: [[2, "drug-fluoxetine"]] });
  expect(Object.keys(index.terms)).not.toContain("nothing");
  expect(Object.keys(index.terms)).not.toContain("number");
});
