// What esbuild is taught for this front end: by build.mjs, which makes the bundles, and by still.mjs, which runs the view in Node.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));

/** Colour name -> [on a light page, on a dark page]. */
export const palette = () => JSON.parse(readFileSync(resolve(here, "../palette.json"), "utf8"));

/**
 * `@import "tokens.css"` resolves to the palette as CSS variables: one source for pages, labs and matplotlib. With it
 * comes `--ls-target`, the least size of what is pressed: a finger needs more than a mouse (WCAG 2.5.5 and 2.5.8).
 */
function tokens() {
  const colours = palette();
  const variables = (index) =>
    Object.entries(colours)
      .map(([name, pair]) => `--ls-${name.replaceAll("_", "-")}:${pair[index]}`)
      .join(";");
  const light = `${variables(0)};color-scheme:light`;
  const dark = `${variables(1)};color-scheme:dark`;
  // A reader whose system sets the colours gets those: the theme chosen on the page may be the opposite of them.
  const system = (name) =>
    ["paper", "card", "inset", "terminal", "receiver"].includes(name) ? "Canvas"
    : name === "line" ? "color-mix(in srgb,CanvasText 40%,Canvas)"
    : name === "focus" ? "Highlight"
    : name === "link" || `${name}_text` in colours ? "LinkText"
    : "CanvasText";
  const forced = Object.keys(colours).map((name) => `--ls-${name.replaceAll("_", "-")}:${system(name)}`).join(";");
  // Paper is light, whatever the screen was.
  return `:root{${light}}
@media screen{body[data-theme="dark"],body[data-jp-theme-light="false"]{${dark}}}
@media screen and (prefers-color-scheme:dark){body[data-theme="auto"],.no-js body{${dark}}}
@media (forced-colors:active){:root,body[data-theme],body[data-jp-theme-light]{${forced}}}
:root{--ls-target:24px}
@media (pointer:coarse),(max-width:62em){:root{--ls-target:44px}}`;
}

export const tokensPlugin = {
  name: "tokens",
  setup(b) {
    b.onResolve({ filter: /(^|\/)tokens\.css$/ }, () => ({ path: "tokens.css", namespace: "tokens" }));
    b.onLoad({ filter: /.*/, namespace: "tokens" }, () => ({ contents: tokens(), loader: "css" }));
  },
};

/** `import kinds from "found:panels"`: the default export of every file in view/panels, so that a new panel is a new file. */
export const foundPlugin = {
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

/**
 * A still has a lab's layout without a script to say which: each rule for a lab's size once more, right behind it, for
 * stills in a container of that size (view/lab.ts says where sizes begin; a box has a border of 1 px).
 */
const SIZES = { "[data-size=narrow]": "width<642px", "[data-size=wide]": "width>=642px", "[data-roomy]": "width>=822px" };

function forStills(css) {
  let out = "";
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at);
    if (open < 0) return out + css.slice(at);
    let close = open;
    for (let depth = 0; ; close++) {
      if (css[close] === "{") depth++;
      if (css[close] === "}" && --depth === 0) break;
    }
    const [head, body] = [css.slice(at, open), css.slice(open + 1, close)];
    at = close + 1;
    if (/^@(media|supports)/.test(head)) out += `${head}{${forStills(body)}}`;
    else out += `${head}{${body}}${Object.entries(SIZES).map(([mark, size]) => forSize(head, body, mark, size)).join("")}`;
  }
  return out;
}

function forSize(head, body, mark, size) {
  if (head.startsWith("@") || !head.includes(mark)) return "";
  // Commas within brackets part no selectors.
  const own = head.split(/,(?![^(]*\))/).filter((selector) => selector.includes(mark));
  return own.length ? `@container still (${size}){${own.map((each) => each.replace(mark, ".lab-still")).join()}{${body}}}` : "";
}

/** Adds them to a style sheet when it has been written. */
export const stillsPlugin = (path) => ({
  name: "stills",
  setup(b) {
    b.onEnd(({ errors }) => {
      if (errors.length) return;
      const made = forStills(readFileSync(path, "utf8"));
      if (made.split("@container still").length < 10) throw new Error(`the sizes of labs were not found in ${path}`);
      writeFileSync(path, made);
    });
  },
});
