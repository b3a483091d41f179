// Has a script answer one request with the page's own code (see __init__.py).
//   node answer.mjs script.ts request.json answer.json        (working directory: widgets/frontend)
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , script, requestPath, answerPath] = process.argv;
const { buildSync } = createRequire(join(process.cwd(), "package.json"))("esbuild");
const bundled = join(dirname(answerPath), "script.mjs");
buildSync({ entryPoints: [script], bundle: true, format: "esm", platform: "node", outfile: bundled, logLevel: "warning" });
const { default: answer } = await import(pathToFileURL(bundled).href);
writeFileSync(answerPath, JSON.stringify(await answer(JSON.parse(readFileSync(requestPath, "utf8")))));
