/** What `bench.py` times inside the browser: the page's own solver on the model it is given. */
import { loadModel } from "../../widgets/frontend/src/model/module";
import { InSlices, Population, type PopulationSpec } from "../../widgets/frontend/src/model/population";
import { Solver, type Tolerances } from "../../widgets/frontend/src/model/solver";

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

/**
 * Time (ms) until many people have settled, at rest and after `changes`, and then once more after the change alone, in
 * slices as on a page; `folds` of the output lets the kernel check them.
 */
async function people(
  text: string,
  spec: PopulationSpec,
  shared: string[],
  output: string,
  changes: Record<string, number>,
  horizon: number,
): Promise<{ first: number; again: number; folds: number[] }> {
  const model = await loadModel(text);
  const crowd = new Population(model, spec, shared, output, horizon);
  const slices = new InSlices();
  const settle = (given: Record<string, number>) =>
    new Promise<number>((done) => {
      const start = performance.now();
      crowd.begin(Float64Array.from(model.parameters, (each) => given[each.name] ?? each.value));
      slices.start((late) => crowd.work(late), () => done(performance.now() - start));
    });
  const first = await settle(changes);
  const folds = [...crowd.folds];
  const again = await settle(Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value / 2])));
  return { first, again, folds };
}

Object.assign(globalThis, { bench: { oneRun, people } });
