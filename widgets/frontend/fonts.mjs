// Fonts as the book uses them: a third of the bytes, which every first visit waits for, since they are carried in a
// style sheet (browsers refuse font files next to a page opened from disk).
import { readFile } from "node:fs/promises";
import subsetFont from "subset-font";

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

/** What may stand on a page: all that a reader of a Western language can type, and the signs of the science. */
const LATIN = `${range(0x20, 0x7e)}${range(0xa0, 0xff)}ıŒœŸ‐‑‒–—‘’‚“”„†‡•…‰′″‹›⁄€™←↑→↓−∕≈≠≤≥\u2009\u200a\u202f`;
/** Spacing, ligatures, accents and figures of one width: what the style sheets ask for. */
const FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "rvrn"];

/** Part of a file's name -> its weights: a pair for a range, one number where no other is used. */
const WEIGHTS = [
  ["italic", 400],
  ["inter", { min: 400, max: 680 }],
  ["source-serif", { min: 400, max: 700 }],
];

/** A font's file with the letters, weights and features that the book uses, as woff2. */
export async function cut(path) {
  const weights = WEIGHTS.find(([part]) => path.includes(part))?.[1];
  if (!weights) throw new Error(`${path}: say in fonts.mjs which weights of this font the book uses`);
  return subsetFont(await readFile(path), LATIN, {
    targetFormat: "woff2",
    keepFeatures: FEATURES,
    variationAxes: { wght: weights },
    noHinting: true,
  });
}

export const fontsPlugin = {
  name: "fonts",
  setup(b) {
    b.onLoad({ filter: /\.woff2$/ }, async ({ path }) => ({ contents: await cut(path), loader: "dataurl" }));
  },
};
