/**
 * Integrates a model's equations in the page: a stiff initial-value problem of a few to a few dozen species, many times
 * a second. The method is RODAS (tableau.ts), a step of it is in step.ts, what happens at once in happenings.ts.
 */
import { BACK, DEFAULT_TOLERANCES, refuseNonNumbers, short, SolverError, type Equations, type Tolerances } from "./equations";
import { Happenings, MOST_EVENTS } from "./happenings";
import { Rest } from "./rest";
import { Schedules, type Calendar } from "./schedules";
import { Stepper } from "./step";

export { DEFAULT_TOLERANCES, SolverError, type Equations, type ModelEvents, type Tolerances } from "./equations";
export type { Calendar } from "./schedules";

export interface RunReport {
  steps: number;
  rejected: number;
  /** How many events happened. */
  happened: number;
}

const SAFETY = 0.9;
const SLOWEST_SHRINK = 0.2;
const FASTEST_GROWTH = 6;

/** Integrates one model; not re-entrant, because its arrays are shared by all of its runs. */
export class Solver {
  private readonly stepper: Stepper;
  private readonly rest: Rest;
  private readonly schedules: Schedules;
  private readonly atEvent: Float64Array;
  private readonly happenings: Happenings | null;
  /** Where the run is: t, how many samples are written, and the event whose level was just reached (or -1). */
  private readonly reached = { t: 0, written: 0, event: -1 };

  constructor(
    private readonly equations: Equations,
    private readonly tolerances: Tolerances = DEFAULT_TOLERANCES,
  ) {
    this.stepper = new Stepper(equations, tolerances);
    this.rest = new Rest(equations, this.stepper);
    this.schedules = new Schedules(equations);
    this.atEvent = new Float64Array(equations.species.length);
    this.happenings = equations.events?.names.length ? new Happenings(equations, equations.events) : null;
  }

  /**
   * Give a schedule of the model its times and amounts, for all runs to come; null takes it away again. Throws
   * SolverError, with a sentence for the reader, for a schedule the model has not or an entry that is none.
   */
  setSchedule(name: string, calendar: Calendar | null): void {
    this.schedules.set(name, calendar);
  }

  /**
   * The constants with which runs are made: `p` itself, or a copy (overwritten by the next call) in which those are zero
   * whose place the given schedules take. To observe a run, use these.
   */
  applied(p: Float64Array): Float64Array {
    return this.schedules.applied(p);
  }

  /**
   * Integrate from y0 at times[0] and write the state at each of `times` (ascending) into out (row-major,
   * times.length x n). Throws SolverError with a sentence for the reader if there is no answer to draw.
   */
  run(p: Float64Array, y0: ArrayLike<number>, times: Float64Array, out: Float64Array): RunReport {
    const { stepper, reached, happenings } = this;
    const { y } = stepper;
    refuseNonNumbers(this.equations, p, y0);
    p = this.applied(p);
    const tEnd = times[times.length - 1];
    const report: RunReport = { steps: 0, rejected: 0, happened: 0 };
    stepper.restart(y0);
    reached.t = times[0];
    reached.event = -1;
    if (happenings) report.happened = happenings.begin(reached.t, y, p, this.schedules.moments);
    out.set(y, 0);
    reached.written = 1;
    // Closer together than this, two moments are one: no step fits between them.
    const apart = 1e-12 * Math.abs(tEnd);
    // From event to event: what is set at once would spoil any step that reached across it.
    while (reached.t < tEnd) {
      const due = happenings ? happenings.next(reached.t, y, p) : Infinity;
      const until = Math.min(due, tEnd);
      if (until - reached.t > apart) this.stretch(p, until, times, out, report);
      else this.leap(until, times, out);
      if (!happenings || (reached.event < 0 && due > tEnd)) continue;
      report.happened += happenings.happen(reached.t, y, p, reached.event);
      if (report.happened > MOST_EVENTS) {
        throw new SolverError(`These settings make more than ${MOST_EVENTS} events (stopped at ${this.now()}). ${BACK}`);
      }
      this.showWhatFollows(times, out);
    }
    return report;
  }

  /** Go on to a moment that is no time away. */
  private leap(until: number, times: Float64Array, out: Float64Array): void {
    this.reached.t = until;
    this.reached.event = -1;
    this.showWhatFollows(times, out);
  }

  /** A sample at the very moment of an event shows what follows it. */
  private showWhatFollows(times: Float64Array, out: Float64Array): void {
    const { reached, stepper } = this;
    while (reached.written > 1 && times[reached.written - 1] === reached.t) reached.written--;
    while (reached.written < times.length && times[reached.written] <= reached.t) {
      out.set(stepper.y, reached.written * stepper.y.length);
      reached.written++;
    }
  }

  /** Integrate from reached.t to tEnd, or to where an event's level is reached; leaves where it stopped in `reached`. */
  private stretch(p: Float64Array, tEnd: number, times: Float64Array, out: Float64Array, report: RunReport): void {
    const { stepper, reached } = this;
    const span = tEnd - reached.t;
    stepper.begin(reached.t, p);
    let h = stepper.firstStep(span);
    let steps = 0;
    let rejected = 0;
    let freshJacobian = false;
    let afterRejection = false;
    const smallest = 1e-14 * Math.max(span, Math.abs(tEnd));
    reached.event = -1;

    while (reached.t < tEnd && reached.event < 0) {
      if (steps + rejected >= this.tolerances.maximumSteps) throw this.endless();
      if (h < smallest) throw this.tooAbrupt();
      // A last sliver shorter than the rounding error of t would never arrive.
      if (reached.t + 1.01 * h >= tEnd) h = tEnd - reached.t;
      if (!freshJacobian) {
        stepper.linearise(reached.t, p, span);
        freshJacobian = true;
      }
      const error = stepper.step(reached.t, h, p);
      if (error <= 1) {
        this.accept(h, tEnd, p, times, out);
        steps++;
        freshJacobian = false;
        if (reached.t < tEnd && reached.event < 0) stepper.begin(reached.t, p);
        const growth = Math.min(FASTEST_GROWTH, Math.max(SLOWEST_SHRINK, SAFETY * error ** -0.25));
        // Growing again at once after a rejection mostly ends in another one.
        h *= afterRejection ? Math.min(1, growth) : growth;
        afterRejection = false;
      } else {
        rejected++;
        afterRejection = true;
        h *= Number.isFinite(error) ? Math.max(SLOWEST_SHRINK, SAFETY * error ** -0.25) : SLOWEST_SHRINK;
      }
    }
    report.steps += steps;
    report.rejected += rejected;
  }

  /** Go to the end of the step just made, or to where an event's level is reached in it, writing the samples passed. */
  private accept(h: number, tEnd: number, p: Float64Array, times: Float64Array, out: Float64Array): void {
    const { stepper, reached, happenings, atEvent } = this;
    const { t } = reached;
    let tNext = t + h >= tEnd ? tEnd : t + h;
    if (happenings) {
      const share = happenings.crossing(t, h, stepper.yNext, p, this.between);
      reached.event = happenings.crossed;
      if (share < 1) {
        tNext = t + share * h;
        stepper.interpolate(share, atEvent, 0);
      } else if (happenings.crossed >= 0) {
        atEvent.set(stepper.yNext);
      }
    }
    let { written } = reached;
    while (written < times.length && times[written] <= tNext) {
      stepper.interpolate((times[written] - t) / h, out, written * atEvent.length);
      written++;
    }
    reached.written = written;
    reached.t = tNext;
    stepper.advance(reached.event < 0 ? stepper.yNext : atEvent);
  }

  /** The state at a share of the step just made, in an array that the next call overwrites. */
  private readonly between = (share: number): Float64Array => {
    this.stepper.interpolate(share, this.stepper.yStage, 0);
    return this.stepper.yStage;
  };

  private endless(): SolverError {
    const most = this.tolerances.maximumSteps;
    return new SolverError(`These settings need more than ${most} steps of calculation (stopped at ${this.now()}). ${BACK}`);
  }

  private tooAbrupt(): SolverError {
    return new SolverError(`The equations change too abruptly at ${this.now()} to be followed with these settings. ${BACK}`);
  }

  private now(): string {
    return `${short(this.reached.t)} ${this.equations.timeUnit}s`;
  }

  /** Whether anything may happen at once during a run with these constants. */
  expectsEvents(p: Float64Array): boolean {
    const { happenings, equations, schedules } = this;
    if (!happenings) return false;
    return schedules.pending || equations.events!.waitsForLevel.includes(true) || happenings.pending(equations.scale, this.applied(p));
  }

  /**
   * Find the settled state near `guess` and write it into `out` (length n); returns false if there is none to be found
   * (a model that keeps swinging), or if something is still to come.
   */
  steadyState(p: Float64Array, guess: ArrayLike<number>, out: Float64Array, horizon: number): boolean {
    refuseNonNumbers(this.equations, p, guess);
    p = this.applied(p);
    const { happenings } = this;
    // Where something is still to come, nothing is settled.
    if (this.schedules.pending || happenings?.pending(this.equations.scale, p)) return false;
    return this.findRest(p, guess, out, horizon) && !happenings?.fires(out, p);
  }

  /** Whether an event that waits for a level would happen in this state. */
  fires(state: Float64Array, p: Float64Array): boolean {
    return this.happenings?.fires(state, this.applied(p)) ?? false;
  }

  private findRest(p: Float64Array, guess: ArrayLike<number>, out: Float64Array, horizon: number): boolean {
    if (this.rest.find(p, guess, horizon * 1e4, horizon, out)) return true;
    if (this.rest.find(p, guess, horizon * 1e-3, horizon, out)) return true;
    const n = this.equations.species.length;
    const far = new Float64Array([0, horizon * 200]);
    const ends = new Float64Array(2 * n);
    try {
      this.run(p, guess, far, ends);
    } catch (error) {
      if (error instanceof SolverError) return false;
      throw error;
    }
    return this.rest.find(p, ends.subarray(n), horizon * 1e4, horizon, out);
  }
}
