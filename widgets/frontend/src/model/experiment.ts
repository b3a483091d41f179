/** One model under one set of settings: its run after the change, where it settles, and how that depends on one control. */
import type { LoadedModel } from "./module";
import { Solver, SolverError, type RunReport } from "./solver";

/** Values of everything that has a name in the model: species, assignments and reaction rates. */
export type Named = Record<string, number>;

export interface Outcome {
  report: RunReport;
  /** Everything at the end of the run. */
  end: Named;
  /** Everything once settled; equal to `end` for a model that never settles. */
  settled: Named;
  /** Whether a settled state was found. */
  settles: boolean;
}

/** Samples crowd at the start, where a drug acts fastest; they are even, and more, where things happen at once. */
const SAMPLES = 181;
const SAMPLES_WITH_EVENTS = 601;
const SCAN_POINTS = 25;

export class Experiment {
  readonly times: Float64Array;
  readonly parameters: Float64Array;
  readonly baseline: Named;
  readonly names: readonly string[];

  private readonly solver: Solver;
  private readonly index = new Map<string, number>();
  private readonly place = new Map<string, number>();
  private readonly defaults: Float64Array;
  private readonly states: Float64Array;
  private readonly observed: Float64Array;
  private readonly settledState: Float64Array;
  private readonly scratch: Float64Array;
  private readonly observations: Float64Array;
  private readonly samples: number;
  private hasSettled = false;
  private isObserved = false;

  /** `held`: constants that have other values than the model's own, whatever the settings; rest is the model's. */
  constructor(readonly model: LoadedModel, readonly span: number, private readonly held: Readonly<Record<string, number>> = {}) {
    const n = model.species.length;
    const extra = model.assignments.length + model.reactions.length;
    this.solver = new Solver(model);
    this.names = [...model.species, ...model.assignments, ...model.reactions];
    this.names.forEach((name, i) => this.place.set(name, i));
    this.parameters = Float64Array.from(model.parameters, (parameter) => parameter.value);
    this.defaults = this.parameters.slice();
    model.parameters.forEach((parameter, i) => this.index.set(parameter.name, i));
    this.samples = model.events ? SAMPLES_WITH_EVENTS : SAMPLES;
    this.times = new Float64Array(this.samples);
    this.states = new Float64Array(this.samples * n);
    this.observed = new Float64Array(this.samples * extra);
    this.spread();
    this.settledState = new Float64Array(n);
    this.scratch = new Float64Array(n);
    this.observations = new Float64Array(extra);
    this.baseline = this.describe(model.baseline, this.defaults);
    for (const [name, value] of Object.entries(held)) this.set(name, value);
  }

  /** Whether things happen at moments with the present settings: bursts, tablets, pulses. */
  get eventful(): boolean {
    return this.solver.expectsEvents(this.parameters);
  }

  has(output: string): boolean {
    return this.place.has(output);
  }

  set(name: string, value: number): void {
    const at = this.index.get(name);
    if (at === undefined) throw new SolverError(`This model has no "${name}"; choose another control.`);
    this.parameters[at] = value;
  }

  get(name: string): number {
    return this.parameters[this.index.get(name) ?? -1];
  }

  /** Run from the baseline with the present settings, and find where they lead. */
  run(): Outcome {
    const n = this.model.species.length;
    this.spread();
    const report = this.solver.run(this.parameters, this.model.baseline, this.times, this.states);
    this.isObserved = false;
    const last = this.states.subarray((this.samples - 1) * n);
    const end = this.describe(last, this.parameters);
    const settles = this.settle(last);
    return { report, end, settles, settled: settles ? this.describe(this.settledState, this.parameters) : end };
  }

  /** The run of one output, at `times`, written into `out`. */
  series(output: string, out: Float64Array): Float64Array {
    const n = this.model.species.length;
    const extra = this.observations.length;
    const place = this.placeOf(output);
    if (place >= n && !this.isObserved) this.observeAll();
    for (let k = 0; k < this.samples; k++) {
      out[k] = place < n ? this.states[k * n + place] : this.observed[k * extra + place - n];
    }
    return out;
  }

  /** The named outputs on evenly spaced times (a second run; used by the table and the CSV file). */
  tabulate(outputs: readonly string[], times: Float64Array): Float64Array[] {
    const n = this.model.species.length;
    const rows = times.length;
    const states = new Float64Array(rows * n);
    this.solver.run(this.parameters, this.model.baseline, times, states);
    const columns = outputs.map(() => new Float64Array(rows));
    for (let k = 0; k < rows; k++) {
      const values = this.describe(states.subarray(k * n, (k + 1) * n), this.parameters);
      outputs.forEach((output, column) => (columns[column][k] = values[output]));
    }
    return columns;
  }

  /**
   * The settled value of an output over a control's whole range, other settings as they are; NaN where nothing settles.
   * Each point starts from its neighbour's answer, outwards from the present setting.
   */
  scan(control: string, from: number, to: number, output: string, atOnce = false): { settings: Float64Array; values: Float64Array } {
    const points = atOnce ? 2 * SCAN_POINTS - 1 : SCAN_POINTS;
    const settings = Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
    const values = new Float64Array(points).fill(NaN);
    const present = this.get(control);
    if (atOnce) {
      // It depends on parameters alone: no state has to be found.
      settings.forEach((setting, i) => {
        this.set(control, setting);
        values[i] = this.value(output, this.model.baseline);
      });
      this.set(control, present);
      return { settings, values };
    }
    const start = this.hasSettled ? this.settledState : this.model.baseline;
    let nearest = 0;
    settings.forEach((setting, i) => {
      if (Math.abs(setting - present) < Math.abs(settings[nearest] - present)) nearest = i;
    });
    const state = this.scratch;
    const visit = (first: number, stop: number, step: number) => {
      state.set(start);
      for (let i = first; i !== stop; i += step) {
        this.set(control, settings[i]);
        if (!this.solver.steadyState(this.parameters, state, state, this.span)) {
          state.set(start);
          continue;
        }
        values[i] = this.value(output, state);
      }
    };
    try {
      visit(nearest, SCAN_POINTS, 1);
      visit(nearest - 1, -1, -1);
    } finally {
      this.set(control, present);
    }
    return { settings, values };
  }

  /** One output at the end of a run under other settings, and once settled, without disturbing the present ones. */
  endUnder(changes: Record<string, number>, output: string): { end: number; settled: number } {
    const held = this.parameters.slice();
    try {
      this.parameters.set(this.defaults);
      for (const [name, value] of Object.entries({ ...this.held, ...changes })) this.set(name, value);
      const n = this.model.species.length;
      const ends = new Float64Array(2 * n);
      this.solver.run(this.parameters, this.model.baseline, new Float64Array([0, this.span]), ends);
      const state = ends.slice(n);
      const end = this.value(output, state);
      const settles = this.solver.steadyState(this.parameters, state, state, this.span);
      return { end, settled: settles ? this.value(output, state) : end };
    } finally {
      this.parameters.set(held);
    }
  }

  /** Lay the samples over the span for the present settings. */
  private spread(): void {
    const power = this.solver.expectsEvents(this.parameters) ? 1 : 2;
    const last = this.samples - 1;
    for (let i = 0; i <= last; i++) this.times[i] = this.span * (i / last) ** power;
  }

  private settle(from: ArrayLike<number>): boolean {
    this.hasSettled = this.solver.steadyState(this.parameters, from, this.settledState, this.span);
    return this.hasSettled;
  }

  private observeAll(): void {
    const n = this.model.species.length;
    const extra = this.observations.length;
    for (let k = 0; k < this.samples; k++) {
      for (let i = 0; i < n; i++) this.scratch[i] = this.states[k * n + i];
      this.model.observe(this.times[k], this.scratch, this.parameters, this.observations);
      this.observed.set(this.observations, k * extra);
    }
    this.isObserved = true;
  }

  /** An output with the present parameters in the state at rest: for outputs that depend on parameters alone. */
  atOnce(output: string): number {
    return this.value(output, this.model.baseline);
  }

  private value(output: string, state: ArrayLike<number>): number {
    const n = this.model.species.length;
    const place = this.placeOf(output);
    if (place < n) return state[place];
    this.model.observe(this.span, state as Float64Array, this.parameters, this.observations);
    return this.observations[place - n];
  }

  private describe(state: Float64Array, p: Float64Array): Named {
    this.model.observe(this.span, state, p, this.observations);
    const named: Named = {};
    this.model.species.forEach((name, i) => (named[name] = state[i]));
    const n = this.model.species.length;
    for (let i = n; i < this.names.length; i++) named[this.names[i]] = this.observations[i - n];
    return named;
  }

  private placeOf(output: string): number {
    const place = this.place.get(output);
    if (place === undefined) throw new SolverError(`This model has no "${output}" to draw.`);
    return place;
  }
}
