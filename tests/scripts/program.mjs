// Loads a model's program as a page does, and says what it offers: node program.mjs /path/to/program.cjs
import { createRequire } from "node:module";

createRequire(import.meta.url)(process.argv[2]);
const [[key, model]] = Object.entries(globalThis.livingSynapsePrograms);
const rates = new Float64Array(model.species.length);
model.rhs(0, Float64Array.from(model.baseline), Float64Array.from(model.parameters.map((each) => each.value)), rates);
console.log(JSON.stringify([key, Object.keys(model), [...rates].every(Number.isFinite)]));
