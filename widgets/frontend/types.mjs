// Writes src/spec/generated.d.ts, the TypeScript types of a lab's spec, from the JSON Schema on standard input:
//   python -m widgets.labs.schema | node types.mjs
// They are types alone: bundling does not need them, the compiler does. Nothing it writes is committed.
import { compile } from "json-schema-to-typescript";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const out = resolve(dirname(fileURLToPath(import.meta.url)), "src/spec/generated.d.ts");
const schema = JSON.parse(readFileSync(0, "utf8"));
// Every field is there when Python has written a spec, whatever its default; titles of single fields name no types.
const tidy = (node) => {
  if (Array.isArray(node)) return node.forEach(tidy);
  if (node === null || typeof node !== "object") return;
  if (node.properties) {
    node.required = Object.keys(node.properties);
    for (const field of Object.values(node.properties)) delete field.title;
  }
  // The generator knows tuples in the older form; "at least one" would be a tuple too, and says nothing of use.
  if (node.prefixItems) {
    node.items = node.prefixItems;
    delete node.prefixItems;
  } else {
    delete node.minItems;
  }
  Object.values(node).forEach(tidy);
};
tidy(schema);
const text = await compile(schema, "LabSpec", {
  additionalProperties: false,
  bannerComment: "/** Generated from widgets/labs/spec.py and widgets/labs/panels by types.mjs: change those, not this. */",
  enableConstEnums: false,
  style: { printWidth: 120 },
});
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, text);
