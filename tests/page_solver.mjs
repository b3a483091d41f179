// Runs generated models with the page's own solver, for tests/test_parity.py.
//   node page_solver.mjs request.json answer.json        (working directory: widgets/frontend)
// request: { modules: {name: path}, points: {name: [{y, p}]},
//            runs: {name: {times, p: [[...]], calendars: [{schedule: [[time, amount]] or null}] or none,
//                           refused: [[schedule, [[time, amount]]]] or none}} }
// answer:  { runs: {name: [[...levels, row-major] per draw]}, points: {name: [{rhs, jacobian, observe}]}, milliseconds,
//            refused: {name: [what the page says of each]} }
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , requestPath, answerPath] = process.argv;
const request = JSON.parse(readFileSync(requestPath, "utf8"));
const bundled = join(dirname(answerPath), "lab-solver.mjs");
const { buildSync } = createRequire(join(process.cwd(), "package.json"))("esbuild");
buildSync({
  stdin: {
    contents: 'export { Solver } from "./src/model/solver"; export { loadModel } from "./src/model/module";',
    resolveDir: process.cwd(),
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  outfile: bundled,
  logLevel: "warning",
});
const { Solver, loadModel } = await import(pathToFileURL(bundled).href);

const answer = { runs: {}, points: {}, milliseconds: {}, refused: {} };
for (const [name, path] of Object.entries(request.modules)) {
  // As the page does it: the text goes through loadModel, not through the file system.
  const model = await loadModel(readFileSync(path, "utf8"));
  const n = model.species.length;

  answer.points[name] = request.points[name].map(({ y, p }) => {
    const rhs = new Float64Array(n).fill(NaN);
    const jacobian = new Float64Array(n * n).fill(NaN);
    const observe = new Float64Array(model.assignments.length + model.reactions.length).fill(NaN);
    const levels = Float64Array.from(y);
    const constants = Float64Array.from(p);
    model.rhs(0, levels, constants, rhs);
    model.jacobian(0, levels, constants, jacobian);
    model.observe(0, levels, constants, observe);
    return { rhs: [...rhs], jacobian: [...jacobian], observe: [...observe] };
  });

  const solver = new Solver(model);
  const times = Float64Array.from(request.runs[name].times);
  const out = new Float64Array(times.length * n);
  const spent = [];
  answer.runs[name] = request.runs[name].p.map((values, draw) => {
    for (const [schedule, calendar] of Object.entries(request.runs[name].calendars?.[draw] ?? {})) {
      solver.setSchedule(schedule, calendar);
    }
    const p = Float64Array.from(values);
    const start = performance.now();
    solver.run(p, model.baseline, times, out);
    spent.push(performance.now() - start);
    return [...out];
  });
  answer.refused[name] = (request.runs[name].refused ?? []).map(([schedule, calendar]) => {
    try {
      solver.setSchedule(schedule, calendar);
      return null;
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  });
  answer.milliseconds[name] = spent.sort((a, b) => a - b)[spent.length >> 1];
}
writeFileSync(answerPath, JSON.stringify(answer));
