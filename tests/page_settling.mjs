// Settles people and judges claims with the page's own code, for tests/test_population.py and tests/test_claims.py.
//   node page_settling.mjs request.json answer.json        (working directory: widgets/frontend)
// request: { name: { module: path, horizon,
//                    people: { spec, shared, output, settings: [{constant: value}] } or null,
//                    claims: { specs, settings: [{constant: value}] } or null,
//                    fan: { spec, output, times, settings: [{constant: value}], calendars: [{schedule: entries}] } or none } }
// answer:  { name: { constants: [[...] per person], people: [{rest: [[...]], after: [[...]], folds: [...]} per setting],
//                    claims: [[{ratio, holds, words}] per setting] as while a slider moves,
//                    fans: [{constants: [[...]], courses: [[...] per person], quantiles: [[...] per share], lost, milliseconds}],
//                    surely: the same once it rests, cold: each from a fresh start } }
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , requestPath, answerPath] = process.argv;
const request = JSON.parse(readFileSync(requestPath, "utf8"));
const bundled = join(dirname(answerPath), "lab-settling.mjs");
const { buildSync } = createRequire(join(process.cwd(), "package.json"))("esbuild");
buildSync({
  stdin: {
    contents:
      'export { Claims, measured } from "./src/model/claims"; export { Population } from "./src/model/population";' +
      'export { Fan } from "./src/model/fan";' +
      'export { Settling } from "./src/model/settling"; export { loadModel } from "./src/model/module";',
    resolveDir: process.cwd(),
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  outfile: bundled,
  logLevel: "warning",
});
const { Claims, Fan, measured, Population, Settling, loadModel } = await import(pathToFileURL(bundled).href);

const answer = {};
for (const [name, { module, horizon, people, claims, fan }] of Object.entries(request)) {
  const model = await loadModel(readFileSync(module, "utf8"));
  const settling = new Settling(model, horizon);
  const constants = (settings) => {
    const p = settling.defaults();
    for (const [constant, value] of Object.entries(settings)) p[settling.indexOf(constant)] = value;
    return p;
  };
  const found = (answer[name] = {});
  if (people) {
    const { spec, shared, output, settings } = people;
    const crowd = new Population(model, spec, shared, output, horizon);
    const everyone = Array.from({ length: spec.n }, (_, i) => i);
    found.constants = everyone.map((person) => [...crowd.constants(person)]);
    found.people = settings.map((each) => {
      crowd.begin(constants(each));
      // In the order in which the page does it, a few at a time.
      while (!crowd.work(() => true));
      const folds = [...crowd.folds];
      const states = everyone.map((person) => crowd.states(person));
      return {
        folds,
        rest: states.map((state) => state && [...state.rest]),
        after: states.map((state) => state && [...state.after]),
      };
    });
  }
  if (fan) {
    const { spec, output, times, settings, calendars } = fan;
    const crowd = new Fan(model, spec, output, Float64Array.from(times));
    found.fans = settings.map((each, i) => {
      for (const [schedule, calendar] of Object.entries(calendars[i])) crowd.setSchedule(schedule, calendar);
      crowd.begin(constants(each));
      const start = performance.now();
      while (!crowd.work(() => true));
      const quantiles = crowd.quantiles().map((row) => [...row]);
      const milliseconds = performance.now() - start;
      const everyone = Array.from({ length: spec.n }, (_, person) => person);
      return {
        constants: everyone.map((person) => [...crowd.constants(person)]),
        courses: everyone.map((person) => [...crowd.courses.subarray(person * times.length, (person + 1) * times.length)]),
        quantiles,
        lost: crowd.lost,
        milliseconds,
      };
    });
  }
  if (claims) {
    const standings = (from, each, budget) => {
      from.update(constants(each), budget);
      return from.standings.map((standing, i) => ({ ...standing, words: measured(claims.specs[i], standing) }));
    };
    const still = new Claims(model, claims.specs, horizon);
    // Time does not pass, so that nothing is put off.
    const moving = new Claims(model, claims.specs, horizon, () => 0);
    found.claims = claims.settings.map((each) => standings(moving, each, 1));
    found.surely = claims.settings.map((each) => standings(still, each));
    found.cold = claims.settings.map((each) => standings(new Claims(model, claims.specs, horizon), each));
  }
}
writeFileSync(answerPath, JSON.stringify(answer));
