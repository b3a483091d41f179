/**
 * Many in time, each with constants of their own. People: the same courses as `simulate_population(model, hours=...)` in the kernel, from the same seed, and
 * the quantiles that a fan is drawn from.
 */
import { DEFAULT_TOLERANCES, SolverError } from "./equations";
import type { LoadedModel } from "./module";
import type { Crowd } from "./people";
import { quantile } from "./population";
import type { Calendar } from "./schedules";
import { Settling } from "./settling";
import { Solver } from "./solver";

/** A fan of a thousand people is a few pixels wide: less exact than the one curve of a lab, and twice as fast. */
const IN_A_CROWD = { ...DEFAULT_TOLERANCES, relative: 1e-3, absolute: 1e-7 };

/** Half of the people lie between the second and the fourth, nine in ten between the outer ones. */
export const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

export class Fan {
  /** One output of everybody at each of `times`: courses[person * times.length + k]; NaN for one who cannot be run. */
  readonly courses: Float64Array;
  /** The same output at everybody's own rest, with the model's own settings. */
  readonly rests: Float64Array;

  private readonly solver: Solver;
  private readonly resting: Settling;
  private readonly p: Float64Array;
  private readonly defaults: Float64Array;
  /** Where each person starts: at their own rest, before any event. Known for all people before `known`. */
  private readonly starts: Float64Array;
  private known = 0;
  private next: number;
  private present: Float64Array;
  private readonly states: Float64Array;
  private readonly state: Float64Array;
  private readonly observations: Float64Array;
  private readonly place: number;

  /** `times`: ascending, from 0, in the model's unit; the last one also says how long the model takes to settle. */
  constructor(
    private readonly model: LoadedModel,
    private readonly crowd: Crowd,
    private readonly output: string,
    readonly times: Float64Array,
  ) {
    const n = model.species.length;
    this.place = [...model.species, ...model.assignments].indexOf(output);
    if (this.place < 0) throw new SolverError(`This model has no "${output}" to follow.`);
    this.solver = new Solver(model, IN_A_CROWD);
    this.resting = new Settling({ ...model, events: null, schedules: [] }, times[times.length - 1]);
    this.defaults = this.resting.defaults();
    this.present = this.defaults;
    this.p = this.defaults.slice();
    this.starts = new Float64Array(crowd.n * n);
    this.courses = new Float64Array(crowd.n * times.length).fill(NaN);
    this.rests = new Float64Array(crowd.n);
    this.states = new Float64Array(times.length * n);
    this.state = new Float64Array(n);
    this.observations = new Float64Array(model.assignments.length + model.reactions.length);
    this.next = crowd.n;
  }

  /** Give everybody a schedule, from the next `begin` on; null takes it away. As `Solver.setSchedule`. */
  setSchedule(name: string, calendar: Calendar | null): void {
    this.solver.setSchedule(name, calendar);
  }

  /**
   * Begin anew with the settings in `present` (all constants, in the model's order). A constant that people differ in
   * differs around its present value.
   */
  begin(present: Float64Array): void {
    this.present = present.slice();
    this.next = 0;
  }

  /** Run people one after another until `late()`; returns whether all are done. What is done stays done. */
  work(late: () => boolean): boolean {
    while (this.next < this.crowd.n) {
      this.person(this.next++);
      if (late()) break;
    }
    return this.next >= this.crowd.n;
  }

  /** How many people are done; `quantiles` speaks of them. */
  get done(): number {
    return this.next;
  }

  /** How many of these have no course. */
  get lost(): number {
    let lost = 0;
    for (let person = 0; person < this.next; person++) lost += Number.isNaN(this.courses[person * this.times.length]) ? 1 : 0;
    return lost;
  }

  /** For each share, the value below which it lies at each of `times`, as numpy has it; NaN if nobody has a course. */
  quantiles(shares: readonly number[] = SHARES): Float64Array[] {
    const rows = this.times.length;
    const found = shares.map(() => new Float64Array(rows).fill(NaN));
    const column = new Float64Array(this.next - this.lost);
    if (!column.length) return found;
    for (let k = 0; k < rows; k++) {
      let filled = 0;
      for (let person = 0; person < this.next; person++) {
        const value = this.courses[person * rows + k];
        if (!Number.isNaN(value)) column[filled++] = value;
      }
      column.sort();
      shares.forEach((share, i) => (found[i][k] = quantile(column, share)));
    }
    return found;
  }

  /** The constants of one person with the present settings; the array is used again. For comparison with the kernel. */
  constants(person: number): Float64Array {
    this.crowd.constants(person, this.present, this.p);
    return this.p;
  }

  private person(person: number): void {
    const { model, times, solver, states } = this;
    const n = model.species.length;
    const rows = times.length;
    const start = this.starts.subarray(person * n, (person + 1) * n);
    if (person >= this.known) {
      this.findStart(person, start);
      this.known = person + 1;
    }
    const course = this.courses.subarray(person * rows, (person + 1) * rows);
    const p = this.constants(person);
    try {
      solver.run(p, start, times, states);
    } catch (error) {
      if (!(error instanceof SolverError)) throw error;
      course.fill(NaN);
      return;
    }
    const seen = solver.applied(p);
    for (let k = 0; k < rows; k++) {
      course[k] = this.place < n ? states[k * n + this.place] : this.observed(times[k], k * n, seen);
    }
  }

  private observed(t: number, at: number, p: Float64Array): number {
    const n = this.state.length;
    for (let i = 0; i < n; i++) this.state[i] = this.states[at + i];
    this.model.observe(t, this.state, p, this.observations);
    return this.observations[this.place - n];
  }

  /** Everybody's own rest before any event; the model's, for one who has none. */
  private findStart(person: number, start: Float64Array): void {
    const { p, model } = this;
    this.crowd.constants(person, this.defaults, p);
    if (!this.resting.settle(p, model.baseline, start) || this.solver.fires(start, p)) start.set(model.baseline);
    this.rests[person] = this.resting.value(this.output, start, p);
  }
}
