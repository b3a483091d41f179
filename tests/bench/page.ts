/** What `bench.py` times inside the browser: the page's own solver on the model it is given. */
import { loadModel } from "../../widgets/frontend/src/lab/model-module";
import { Solver, type Tolerances } from "../../widgets/frontend/src/lab/solver";

export interface Timing {
  median: number;
  runs: number;
  settled: number[];
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Median time (ms) of one run of `hours` under `changes`, sampled at 300 points, over `repeats` batches of 20 runs. */
async function oneRun(text: string, changes: Record<string, number>, hours: number, tolerances: Tolerances): Promise<Timing> {
  const model = await loadModel(text);
  const solver = new Solver(model, tolerances);
  const p = Float64Array.from(model.parameters, (each) => changes[each.name] ?? each.value);
  const times = Float64Array.from({ length: 300 }, (_, i) => (hours * i) / 299);
  const out = new Float64Array(300 * model.species.length);
  for (let i = 0; i < 200; i++) solver.run(p, model.baseline, times, out);
  const batches: number[] = [];
  for (let batch = 0; batch < 25; batch++) {
    // A batch, because the browser's clock is coarser than one run.
    const start = performance.now();
    for (let i = 0; i < 20; i++) solver.run(p, model.baseline, times, out);
    batches.push((performance.now() - start) / 20);
  }
  return { median: middle(batches), runs: 500, settled: [...out.subarray(-model.species.length)] };
}

/** Time (ms) for one run each of many people whose constants differ: factors[i] holds a factor for every constant. */
async function people(text: string, factors: number[][], changes: Record<string, number>, hours: number, tolerances: Tolerances): Promise<number> {
  const model = await loadModel(text);
  const solver = new Solver(model, tolerances);
  const times = Float64Array.from({ length: 25 }, (_, i) => (hours * i) / 24);
  const out = new Float64Array(25 * model.species.length);
  const p = new Float64Array(model.parameters.length);
  const start = performance.now();
  for (const person of factors) {
    model.parameters.forEach((each, i) => (p[i] = changes[each.name] ?? each.value * person[i]));
    solver.run(p, model.baseline, times, out);
  }
  return performance.now() - start;
}

Object.assign(globalThis, { bench: { oneRun, people } });
