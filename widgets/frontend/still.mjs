// Draws stills of labs and questions when the book is built: requests as JSON in, pictures and words as JSON out.
//   python hatch_build.py still.mjs < requests.json
// What goes in and what comes out is described in widgets/book/stills.py, which calls it.
import { build } from "esbuild";
import { Window } from "happy-dom";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { foundPlugin, here, palette, tokensPlugin } from "./plugins.mjs";

const window = new Window({ url: "http://localhost/" });
// Nothing changes by itself: whoever watches has nothing to see.
const idle = { observe() {}, unobserve() {}, disconnect() {}, takeRecords: () => [] };
const own = {
  window,
  ResizeObserver: function () { return idle; },
  MutationObserver: function () { return idle; },
  IntersectionObserver: function () { return idle; },
  matchMedia: () => ({ matches: true, addEventListener() {}, removeEventListener() {} }),
  // The usual letters: the page lays the still out by the reader's own.
  getComputedStyle: () => ({ fontSize: "16px", overflowY: "visible" }),
  requestAnimationFrame: () => 0,
  cancelAnimationFrame() {},
  addEventListener() {},
  removeEventListener() {},
};
for (const [name, value] of Object.entries(own)) globalThis[name] = value;
// Whatever else a page has and Node has not.
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { configurable: true, get: () => window[name] });
}
window.innerHeight = 900;

const folder = mkdtempSync(join(tmpdir(), "stills-"));
let answer;
try {
  const outfile = join(folder, "stills.mjs");
  const light = Object.fromEntries(Object.entries(palette()).map(([name, [colour]]) => [name.replaceAll("_", "-"), colour]));
  await build({
    absWorkingDir: here, entryPoints: ["src/still/index.ts"], outfile, bundle: true, format: "esm", platform: "node",
    logLevel: "warning", plugins: [tokensPlugin, foundPlugin], define: { LIGHT: JSON.stringify(light) },
  });
  const { stills } = await import(pathToFileURL(outfile).href);
  let given = "";
  for await (const part of process.stdin) given += part;
  answer = JSON.stringify(await stills(JSON.parse(given)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// Timers of the labs that were drawn need not run out; what is written must.
process.stdout.write(`${answer}\n`, () => process.exit(0));
