/** One model under some settings: its run after the change, where it settles, and how that depends on one control. */
import type { LoadedModel } from "./module";
import { Settling } from "./settling";
import { Solver, SolverError, type Calendar, type RunReport } from "./solver";

/** Values of everything that has a name in the model: species, assignments and reaction rates. */
export type Named = Readonly<Record<string, number>>;

/** Times with amounts, such as a calendar of doses. */
export type Schedule = Calendar;

/** New values of a model's constants, and its schedules, by name. */
export type Changes = Readonly<Record<string, number | Schedule>>;

/** Samples crowd at the start, where a drug acts fastest; they are even, and more, where things happen at once. */
const SAMPLES = 181;
const SAMPLES_WITH_EVENTS = 601;

/** The constants of one run, in the model's order, and its schedules. */
export interface Parameters {
  readonly values: Float64Array;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** The same as words: two runs with one key are one run. */
  readonly key: string;
}

/** A run that was made, and where it leads. Nothing in it changes. */
export class Run {
  private readonly kept = new Map<string, Float64Array>();
  private observed: Float64Array | null = null;
  private named: { end?: Named; settled?: Named } = {};

  constructor(
    private readonly of: Experiment,
    readonly parameters: Parameters,
    readonly report: RunReport,
    readonly times: Float64Array,
    private readonly states: Float64Array,
    /** Places in `times` of the rows that were asked for. */
    private readonly rows: Int32Array,
    private readonly settledState: Float64Array | null,
    /** Whether things happened at moments: bursts, tablets, pulses. */
    readonly eventful: boolean,
  ) {}

  get model(): LoadedModel {
    return this.of.model;
  }

  get baseline(): Named {
    return this.of.baseline;
  }

  /** It began where its own constants let the model settle, and not at the model's rest. */
  get startsElsewhere(): boolean {
    return this.of.settled;
  }

  /** Whether a settled state was found. */
  get settles(): boolean {
    return this.settledState !== null;
  }

  /** Everything at the end of the run. */
  get end(): Named {
    const n = this.model.species.length;
    return (this.named.end ??= this.of.describe(this.states.subarray(this.states.length - n), this.parameters));
  }

  /** Everything once settled; equal to `end` for a model that never settles. */
  get settled(): Named {
    return (this.named.settled ??= this.settledState ? this.of.describe(this.settledState, this.parameters) : this.end);
  }

  /** Where a search for a settled state nearby may begin. */
  get nearby(): Float64Array {
    return this.settledState ?? this.model.baseline;
  }

  has(output: string): boolean {
    return this.of.has(output);
  }

  /** One output at `times`. */
  series(output: string): Float64Array {
    let found = this.kept.get(output);
    if (!found) this.kept.set(output, (found = this.collect(output)));
    return found;
  }

  /** One output at the rows that were asked for. */
  atRows(output: string): Float64Array {
    const series = this.series(output);
    return Float64Array.from(this.rows, (at) => series[at]);
  }

  private collect(output: string): Float64Array {
    const n = this.model.species.length;
    const samples = this.times.length;
    const place = this.of.placeOf(output);
    const found = new Float64Array(samples);
    if (place < n) {
      for (let k = 0; k < samples; k++) found[k] = this.states[k * n + place];
      return found;
    }
    this.observed ??= this.of.observe(this.times, this.states, this.parameters);
    const extra = this.observed.length / samples;
    for (let k = 0; k < samples; k++) found[k] = this.observed[k * extra + place - n];
    return found;
  }
}

export class Experiment {
  readonly baseline: Named;
  readonly names: readonly string[];

  private readonly solver: Solver;
  private readonly index = new Map<string, number>();
  private readonly place = new Map<string, number>();
  private readonly defaults: Float64Array;
  private readonly observations: Float64Array;
  private readonly samples: number;
  /** The state in which every run begins. */
  private readonly begins: Float64Array;
  private given: ReadonlyMap<string, Schedule> = new Map();

  /**
   * `held`: constants that have other values than the model's own, whatever the settings; rest is the model's.
   * `rows`: times, of the model, at which a run is also sampled, for a table. `settled`: a run begins where what is held
   * lets the model settle, and not at its rest, with which it is still compared.
   */
  constructor(
    readonly model: LoadedModel,
    readonly span: number,
    private readonly held: Changes = {},
    private readonly rows: readonly number[] = [],
    readonly settled = false,
  ) {
    const extra = model.assignments.length + model.reactions.length;
    this.solver = new Solver(model);
    this.names = [...model.species, ...model.assignments, ...model.reactions];
    this.names.forEach((name, i) => this.place.set(name, i));
    this.defaults = Float64Array.from(model.parameters, (parameter) => parameter.value);
    model.parameters.forEach((parameter, i) => this.index.set(parameter.name, i));
    this.samples = model.events ? SAMPLES_WITH_EVENTS : SAMPLES;
    this.observations = new Float64Array(extra);
    this.baseline = this.describe(model.baseline, { values: this.defaults, schedules: new Map(), key: "" });
    this.begins = settled ? this.ownRest() : model.baseline;
  }

  private ownRest(): Float64Array {
    const state = new Float64Array(this.model.species.length);
    const p = this.parameters().values;
    if (!new Settling(this.model, this.span).settle(p, this.model.baseline, state)) {
      throw new SolverError(`"${this.model.name}" does not settle with what this case holds; leave settled out.`);
    }
    return state;
  }

  has(output: string): boolean {
    return this.place.has(output);
  }

  /** The constants with `changes`; those that are held stay. */
  parameters(changes: Changes = {}): Parameters {
    const values = this.defaults.slice();
    const schedules = new Map<string, Schedule>();
    for (const [name, value] of Object.entries({ ...changes, ...this.held })) {
      if (typeof value === "number") values[this.placeOfConstant(name)] = value;
      else schedules.set(name, value);
    }
    this.give(schedules);
    // Constants whose place a schedule takes count as zero: whoever observes the run must see them so.
    const applied = this.solver.applied(values).slice();
    return { values: applied, schedules, key: [applied.join(), JSON.stringify([...schedules])].join(" ") };
  }

  /** The schedules that the solver's next runs have. */
  private give(schedules: ReadonlyMap<string, Schedule>): void {
    if (schedules === this.given) return;
    for (const { name } of this.model.schedules) this.solver.setSchedule(name, schedules.get(name) ?? null);
    for (const name of schedules.keys()) {
      if (!this.model.schedules.some((each) => each.name === name)) this.solver.setSchedule(name, schedules.get(name)!);
    }
    this.given = schedules;
  }

  /** Run from the baseline, and find where it leads. */
  run(parameters: Parameters): Run {
    const { model } = this;
    const n = model.species.length;
    const p = parameters.values;
    this.give(parameters.schedules);
    const eventful = this.solver.expectsEvents(p);
    const { times, rows } = this.sampling(eventful);
    const states = new Float64Array(times.length * n);
    const report = this.solver.run(p, this.begins, times, states);
    const settled = new Float64Array(n);
    const settles = this.solver.steadyState(p, states.subarray(states.length - n), settled, this.span);
    return new Run(this, parameters, report, times, states, rows, settles ? settled : null, eventful);
  }

  /** The named outputs of another run at these times; `times` may be finer than a run's own. */
  tabulate(parameters: Parameters, outputs: readonly string[], times: Float64Array): Float64Array[] {
    const n = this.model.species.length;
    const states = new Float64Array(times.length * n);
    this.give(parameters.schedules);
    this.solver.run(parameters.values, this.begins, times, states);
    const columns = outputs.map(() => new Float64Array(times.length));
    for (let k = 0; k < times.length; k++) {
      const values = this.describe(states.subarray(k * n, (k + 1) * n), parameters);
      outputs.forEach((output, column) => (columns[column][k] = values[output]));
    }
    return columns;
  }

  /** The state where a run with these constants settles, sought from `nearby`, into `into`; false if there is none. */
  settle({ schedules, values }: Pick<Parameters, "schedules" | "values">, nearby: ArrayLike<number>, into: Float64Array): boolean {
    this.give(schedules);
    return this.solver.steadyState(values, nearby, into, this.span);
  }

  /** One output at the end of a run under other settings, and once settled. */
  endUnder(changes: Changes, output: string): { end: number; settled: number } {
    const parameters = this.parameters(changes);
    const n = this.model.species.length;
    const ends = new Float64Array(2 * n);
    this.give(parameters.schedules);
    this.solver.run(parameters.values, this.begins, new Float64Array([0, this.span]), ends);
    const state = ends.slice(n);
    const end = this.value(output, state, parameters.values);
    const settles = this.settle(parameters, state, state);
    return { end, settled: settles ? this.value(output, state, parameters.values) : end };
  }

  /** An output with these constants in the state at rest: for outputs that depend on constants alone. */
  atOnce(output: string, parameters: Parameters): number {
    return this.value(output, this.model.baseline, parameters.values);
  }

  value(output: string, state: ArrayLike<number>, p: Float64Array): number {
    const n = this.model.species.length;
    const place = this.placeOf(output);
    if (place < n) return state[place];
    this.model.observe(this.span, state as Float64Array, p, this.observations);
    return this.observations[place - n];
  }

  describe(state: Float64Array, parameters: Parameters): Named {
    this.model.observe(this.span, state, parameters.values, this.observations);
    const named: Record<string, number> = {};
    this.model.species.forEach((name, i) => (named[name] = state[i]));
    const n = this.model.species.length;
    for (let i = n; i < this.names.length; i++) named[this.names[i]] = this.observations[i - n];
    return named;
  }

  /** Assignments and rates at each of the times, one time after another. */
  observe(times: Float64Array, states: Float64Array, parameters: Parameters): Float64Array {
    const n = this.model.species.length;
    const extra = this.observations.length;
    const all = new Float64Array(times.length * extra);
    const state = new Float64Array(n);
    for (let k = 0; k < times.length; k++) {
      state.set(states.subarray(k * n, (k + 1) * n));
      this.model.observe(times[k], state, parameters.values, this.observations);
      all.set(this.observations, k * extra);
    }
    return all;
  }

  placeOf(output: string): number {
    const place = this.place.get(output);
    if (place === undefined) throw new SolverError(`This model has no "${output}" to draw.`);
    return place;
  }

  placeOfConstant(name: string): number {
    const at = this.index.get(name);
    if (at === undefined) throw new SolverError(`This model has no "${name}"; choose another control.`);
    return at;
  }

  /** The samples over the span, and where among them the rows stand. */
  private sampling(eventful: boolean): { times: Float64Array; rows: Int32Array } {
    const known = eventful ? this.even : this.crowded;
    if (known) return known;
    const power = eventful ? 1 : 2;
    const last = this.samples - 1;
    const samples = Array.from({ length: this.samples }, (_, i) => this.span * (i / last) ** power);
    const close = 1e-9 * this.span;
    const extra = this.rows.filter((row) => !samples.some((at) => Math.abs(at - row) <= close));
    const times = Float64Array.from([...samples, ...extra].sort((a, b) => a - b));
    const rows = Int32Array.from(this.rows, (row) => times.findIndex((at) => Math.abs(at - row) <= close));
    const made = { times, rows };
    if (eventful) this.even = made;
    else this.crowded = made;
    return made;
  }

  private even: { times: Float64Array; rows: Int32Array } | null = null;
  private crowded: { times: Float64Array; rows: Int32Array } | null = null;
}
