// Bundles the labs, the questions and the published page's runtime into ../static/.
//   node build.mjs            everything
//   node build.mjs lab css    only what is named
// Nothing it writes is committed: the Python package's build runs it (see hatch_build.py).
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "../static");
mkdirSync(out, { recursive: true });

/** `@import "tokens.css"` resolves to the palette as CSS variables: one source for pages, labs and matplotlib. */
function tokens() {
  const palette = JSON.parse(readFileSync(resolve(here, "../palette.json"), "utf8"));
  const variables = (index) =>
    Object.entries(palette)
      .map(([name, pair]) => `--ls-${name.replaceAll("_", "-")}:${pair[index]}`)
      .join(";");
  const light = `${variables(0)};color-scheme:light`;
  const dark = `${variables(1)};color-scheme:dark`;
  // Paper is light, whatever the screen was.
  return `:root{${light}}
@media screen{body[data-theme="dark"],body[data-jp-theme-light="false"]{${dark}}}
@media screen and (prefers-color-scheme:dark){body[data-theme="auto"]{${dark}}}`;
}

const tokensPlugin = {
  name: "tokens",
  setup(b) {
    b.onResolve({ filter: /(^|\/)tokens\.css$/ }, () => ({ path: "tokens.css", namespace: "tokens" }));
    b.onLoad({ filter: /.*/, namespace: "tokens" }, () => ({ contents: tokens(), loader: "css" }));
  },
};

/** `import kinds from "found:panels"`: the default export of every file in view/panels, so that a new panel is a new file. */
const foundPlugin = {
  name: "found",
  setup(b) {
    b.onResolve({ filter: /^found:/ }, ({ path }) => ({ path: path.slice("found:".length), namespace: "found" }));
    b.onLoad({ filter: /.*/, namespace: "found" }, ({ path }) => {
      const folder = resolve(here, "src/view", path);
      const files = readdirSync(folder).filter((name) => name.endsWith(".ts")).sort();
      const imports = files.map((name, i) => `import each${i} from "./${name}";`);
      return {
        contents: `${imports.join("\n")}\nexport default [${files.map((_, i) => `each${i}`).join(", ")}];`,
        resolveDir: folder,
        watchDirs: [folder],
      };
    });
  },
};

/** The published page carries only what it uses of three large libraries (together 130 kB gzipped less). */
const slimPlugin = {
  name: "slim",
  setup(b) {
    b.onResolve({ filter: /^jquery$/ }, () => ({ path: resolve(here, "src/runtime/jquery.ts") }));
    b.onResolve({ filter: /^sanitize-html$/ }, () => ({ path: resolve(here, "src/runtime/sanitize.ts") }));
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

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["es2022"],
  legalComments: "none",
  logLevel: "warning",
  // A font is carried inside its style sheet: browsers refuse font files next to a page opened from disk.
  loader: { ".svg": "dataurl", ".woff2": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [tokensPlugin, foundPlugin],
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
  page: { entryPoints: ["src/runtime/page.ts"], outfile: `${out}/page.js`, format: "iife" },
  css: {
    entryPoints: [
      { in: "src/view/lab.css", out: "lab" },
      { in: "src/questions/questions.css", out: "questions" },
      { in: "src/runtime/book.css", out: "book" },
      { in: "src/runtime/fonts.css", out: "fonts" },
    ],
    outdir: out,
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
