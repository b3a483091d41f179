// Prints, for each file named, what it imports and how long its functions are, as JSON (see tests/structure.py).
//   node structure.mjs file.ts ...        (working directory: widgets/frontend)
// { file: { imports: [[specifier, line]], functions: [[name, line, lines]] } }
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { parseSync } = await import(pathToFileURL(require.resolve("vite")).href);

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
/** Nodes that name the function below them, and where the name is. */
const NAMES = { VariableDeclarator: "id", MethodDefinition: "key", PropertyDefinition: "key", Property: "key", AssignmentExpression: "left" };

function examine(file) {
  const text = readFileSync(file, "utf8");
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  if (errors?.length) throw new Error(`${file}: ${errors[0].message}`);
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const line = (offset) => {
    let low = 0;
    for (let high = starts.length; low + 1 < high; ) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const imports = [];
  const functions = [];
  const walk = (node, name, within) => {
    if (Array.isArray(node)) return node.forEach((each) => walk(each, name, within));
    if (node === null || typeof node !== "object" || typeof node.type !== "string") return;
    const source = ["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration", "ImportExpression", "TSImportType"].includes(node.type)
      ? (node.source ?? node.argument)
      : null;
    const specifier = source?.value ?? source?.literal?.value;
    if (typeof specifier === "string") imports.push([specifier, line(node.start)]);
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") within = node.id?.name ?? within;
    let own = name;
    const named = NAMES[node.type] && node[NAMES[node.type]];
    if (named) own = named.name ?? text.slice(named.start, named.end);
    if (FUNCTIONS.has(node.type)) {
      own = node.id?.name ?? name ?? "(nameless)";
      functions.push([within ? `${within}.${own}` : own, line(node.start), line(node.end) - line(node.start) + 1]);
      within = within ? `${within}.${own}` : own;
      own = undefined;
    }
    for (const [key, value] of Object.entries(node)) if (key !== "type") walk(value, own, within);
  };
  walk(program, undefined, "");
  return { imports, functions };
}

process.stdout.write(JSON.stringify(Object.fromEntries(process.argv.slice(2).map((file) => [file, examine(file)]))));
