// Prints a script, with all it imports, as one classic script (see __init__.py).
//   node bundle.mjs script.ts globalName        (working directory: widgets/frontend)
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , script, globalName] = process.argv;
const { buildSync } = createRequire(join(process.cwd(), "package.json"))("esbuild");
const { outputFiles } = buildSync({
  entryPoints: [script],
  bundle: true,
  write: false,
  format: "iife",
  globalName,
  target: "es2022",
  // A test may run it inside a function of its own.
  footer: { js: `globalThis.${globalName} = ${globalName};` },
  logLevel: "warning",
});
process.stdout.write(outputFiles[0].text);
