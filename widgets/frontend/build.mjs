// Bundles the labs, the questions and the published page's runtime into ../static/.
//   node build.mjs            everything
//   node build.mjs lab css    only what is named
// Nothing it writes is committed: the Python package's build runs it (see hatch_build.py).
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fontsPlugin } from "./fonts.mjs";
import { foundPlugin, here, stillsPlugin, tokensPlugin } from "./plugins.mjs";

const out = resolve(here, "../static");
mkdirSync(out, { recursive: true });

/** The published page carries only what it uses of three large libraries (together 130 kB gzipped less). */
const slimPlugin = {
  name: "slim",
  setup(b) {
    b.onResolve({ filter: /^jquery$/ }, () => ({ path: resolve(here, "src/runtime/jquery.ts") }));
    // Labs interpolate numbers; the library brings colours, dates and transforms along.
    b.onResolve({ filter: /^d3-interpolate$/ }, () => ({ path: resolve(here, "src/runtime/interpolate.ts") }));
    // Backbone's own library has the one function of this other that widgets call.
    b.onResolve({ filter: /^lodash\/isEqual$/ }, () => ({ path: resolve(here, "src/runtime/equal.ts") }));
    b.onResolve({ filter: /^sanitize-html$/ }, () => ({ path: resolve(here, "src/runtime/sanitize.ts") }));
    // The pointers to the two widgets of this file are followed without a blob, which a policy may refuse.
    b.onLoad({ filter: /anywidget[/\\]dist[/\\]index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const begin = "async function loadEsm(esm) {";
      if (!text.includes(begin)) throw new Error("anywidget no longer loads its modules as build.mjs expects");
      const own = "let own = /^export default globalThis\\.livingSynapse\\.(\\w+)$/.exec(esm);";
      return { contents: text.replace(begin, `${begin}${own}if (own) return { default: globalThis.livingSynapse[own[1]] };`) };
    });
    // @lumino/widgets ships as one file with menus, docks and drag-and-drop; its sources can be taken apart.
    b.onResolve({ filter: /^@lumino\/widgets$/ }, () => ({ path: "lumino-widgets", namespace: "slim" }));
    b.onLoad({ filter: /.*/, namespace: "slim" }, () => ({
      contents: ["widget", "layout", "panellayout", "panel"]
        .map((part) => `export * from "@lumino/widgets/src/${part}";`)
        .join("\n"),
      resolveDir: here,
    }));
  },
};

/** The oldest browsers whose engines read the scripts; README names those in which all looks as it should. */
const OLDEST = ["chrome109", "edge109", "firefox115", "safari15.4"];

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: OLDEST,
  legalComments: "none",
  logLevel: "warning",
  loader: { ".svg": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [tokensPlugin, foundPlugin, fontsPlugin],
};

const entries = {
  lab: { entryPoints: ["src/view/index.ts"], outfile: `${out}/lab.js`, format: "esm" },
  questions: { entryPoints: ["src/questions/index.ts"], outfile: `${out}/questions.js`, format: "esm" },
  // A classic script, because module scripts do not load from file://.
  runtime: {
    entryPoints: ["src/runtime/index.ts"],
    outfile: `${out}/runtime.js`,
    format: "iife",
    plugins: [tokensPlugin, foundPlugin, slimPlugin],
    // anywidget gives a model two seconds to start and then rejects a promise that nobody awaits, which a slow or busy
    // machine would report as an error although the widget starts all the same.
    define: { ...common.define, "AbortSignal.timeout": "neverAborted" },
    inject: ["src/runtime/patience.ts"],
  },
  // Written into each page's head, so it is one line without an end tag.
  head: { entryPoints: ["src/runtime/head.ts"], outfile: `${out}/head.js`, format: "iife" },
  page: { entryPoints: ["src/runtime/page.ts"], outfile: `${out}/page.js`, format: "iife" },
  framed: { entryPoints: ["src/runtime/framed.ts"], outfile: `${out}/framed.js`, format: "iife" },
  search: { entryPoints: ["src/runtime/search.ts"], outfile: `${out}/search.js`, format: "iife" },
  css: {
    entryPoints: [
      { in: "src/view/lab.css", out: "lab" },
      { in: "src/questions/questions.css", out: "questions" },
      { in: "src/runtime/book.css", out: "book" },
      { in: "src/runtime/fonts.css", out: "fonts" },
    ],
    outdir: out,
    plugins: [...common.plugins, stillsPlugin(resolve(out, "book.css"))],
  },
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in entries)) throw new Error(`unknown bundle "${name}"; choose from ${Object.keys(entries).join(", ")}`);
}
const built = await Promise.all(
  (wanted.length ? wanted : Object.keys(entries)).map((name) => build({ ...common, metafile: true, ...entries[name] })),
);

/** The licence of every package that is carried in a bundle: most ask to travel with their code. */
function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(resolve(here, folder, "package.json"), "utf8"));
    const file = readdirSync(resolve(here, folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file ? readFileSync(resolve(here, folder, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}
if (!wanted.length) {
  const texts = licences(built.flatMap((result) => Object.keys(result.metafile.inputs)));
  if (texts.length < 5) throw new Error("hardly any bundled package was found: its licences would be missing");
  const rule = `\n${"-".repeat(80)}\n\n`;
  writeFileSync(`${out}/third-party-licences.txt`, `The published pages carry these packages.\n${rule}${texts.join(rule)}`);
}
