/**
 * Integrates a model's equations in the page: a stiff initial-value problem of a few to a few dozen species, many times
 * a second.
 *
 * Method: RODAS, an L-stable Rosenbrock method of order 4 with an embedded error estimate of order 3 and dense output of
 * order 3 (E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section VI.4; coefficients of the method
 * with transformed stages). It needs one exact Jacobian and one LU factorisation per step and no Newton iteration, so a
 * step costs the same whatever the reader does to a slider. All arrays are made once per model and used again.
 */

/** What the solver needs of a model: n = number of species, p = all constants in the model's order. */
export interface Equations {
  /** Names of the species; used in messages. */
  readonly species: readonly string[];
  /** Names of the constants; used in messages. */
  readonly parameterNames: readonly string[];
  /** "hour" or "millisecond"; used in messages. */
  readonly timeUnit: string;
  /** A typical value of each species (the baseline); sets the absolute tolerance. */
  readonly scale: ArrayLike<number>;
  /** true for a species that cannot be negative (an amount), false for one that can (a voltage). */
  readonly nonNegative: readonly boolean[];
  rhs(t: number, y: Float64Array, p: Float64Array, dy: Float64Array): void;
  /** Row-major: J[i * n + j] = d f_i / d y_j; writes every entry. */
  jacobian(t: number, y: Float64Array, p: Float64Array, J: Float64Array): void;
  /** What happens at once: a tablet, a spike. Absent or null in a model without events. */
  readonly events?: ModelEvents | null;
}

/** A model's events, as Model.to_javascript() writes them: each happens when its condition turns true. */
export interface ModelEvents {
  readonly names: readonly string[];
  /** Whether an event whose condition is true from the start happens at time 0. */
  readonly atStart: readonly boolean[];
  /** For each event, which species it sets. */
  readonly places: readonly (readonly number[])[];
  /** Whether it waits for a level rather than for time alone. */
  readonly waitsForLevel: readonly boolean[];
  /** When each is due; Infinity for one that waits for a level or whose guard is false. */
  times(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void;
  /** What crosses zero upwards when each happens; -Infinity for one that waits for time. */
  gaps(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void;
  /** The new values of all events, one event after another in the order of `places`. */
  values(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void;
}

export interface Tolerances {
  /** Relative error of one step, per species. */
  relative: number;
  /** Absolute error of one step, as a fraction of the species' typical value. */
  absolute: number;
  /** Steps after which a run is given up. */
  maximumSteps: number;
}

export const DEFAULT_TOLERANCES: Tolerances = { relative: 5e-5, absolute: 1e-9, maximumSteps: 5000 };

export interface RunReport {
  steps: number;
  rejected: number;
  /** How many events happened. */
  happened: number;
}

/** A refusal the reader is shown; everything else that is thrown is a defect. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}

const STAGES = 6;
const GAMMA = 0.25;
// Row s holds the weights of the earlier stages in stage s.
const A = [
  [],
  [1.544],
  [0.9466785280815826, 0.2557011698983284],
  [3.314825187068521, 2.896124015972201, 0.9986419139977817],
  [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895],
  [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1],
];
const C = [
  [],
  [-5.6688],
  [-2.430093356833875, -0.2063599157091915],
  [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
  [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
  [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
];
const STAGE_TIME = [0, 0.386, 0.21, 0.63, 1, 1];
const STAGE_TIME_DERIVATIVE = [0.25, -0.1043, 0.1035, -0.0362, 0, 0];
const DENSE_2 = [10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662];
const DENSE_3 = [-0.6762803392806898, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872];

const SAFETY = 0.9;
const SLOWEST_SHRINK = 0.2;
const FASTEST_GROWTH = 6;
const NEWTON_LIMIT = 120;
const MOST_EVENTS = 20_000;
/** What is nothing at rest (a tablet in the gut) is followed to within this share of the most there has been. */
const TRACE = 1e-6;

/** Integrates one model; not re-entrant, because its arrays are shared by all of its runs. */
export class Solver {
  private readonly n: number;
  private readonly absolute: Float64Array;
  /** Species that are zero at rest, and their absolute tolerance before a run. */
  private readonly absent: readonly number[];
  private readonly finest: Float64Array;
  private readonly y: Float64Array;
  private readonly yNext: Float64Array;
  private readonly yStage: Float64Array;
  private readonly f: Float64Array;
  private readonly fStage: Float64Array;
  private readonly fTime: Float64Array;
  private readonly stages: Float64Array;
  private readonly dense2: Float64Array;
  private readonly dense3: Float64Array;
  private readonly J: Float64Array;
  private readonly LU: Float64Array;
  private readonly pivot: Int32Array;
  private readonly atEvent: Float64Array;
  private readonly timeDependent: boolean;
  private readonly happenings: Happenings | null;
  /** Where the last stretch stopped: t, how many samples are written, and the event whose level was reached (or -1). */
  private readonly reached = { t: 0, written: 0, event: -1 };

  constructor(
    private readonly equations: Equations,
    private readonly tolerances: Tolerances = DEFAULT_TOLERANCES,
  ) {
    const n = equations.species.length;
    this.n = n;
    this.absolute = Float64Array.from(equations.scale, (value) => tolerances.absolute * Math.max(Math.abs(value), 1e-6));
    this.absent = Array.from({ length: n }, (_, i) => i).filter((i) => equations.scale[i] === 0);
    this.finest = this.absolute.slice();
    this.y = new Float64Array(n);
    this.yNext = new Float64Array(n);
    this.yStage = new Float64Array(n);
    this.f = new Float64Array(n);
    this.fStage = new Float64Array(n);
    this.fTime = new Float64Array(n);
    this.stages = new Float64Array(n * STAGES);
    this.dense2 = new Float64Array(n);
    this.dense3 = new Float64Array(n);
    this.J = new Float64Array(n * n);
    this.LU = new Float64Array(n * n);
    this.pivot = new Int32Array(n);
    this.atEvent = new Float64Array(n);
    // The generated functions all take `t`; only one that reads it needs the time derivative.
    this.timeDependent = readsTime(equations.rhs);
    this.happenings = equations.events?.names.length ? new Happenings(equations.events, n) : null;
  }

  /**
   * Integrate from y0 at times[0] and write the state at each of `times` (ascending) into out (row-major,
   * times.length x n). Throws SolverError with a sentence for the reader if there is no answer to draw.
   */
  run(p: Float64Array, y0: ArrayLike<number>, times: Float64Array, out: Float64Array): RunReport {
    const { n, y, reached, happenings } = this;
    this.checkInput(p, y0);
    const tEnd = times[times.length - 1];
    const report: RunReport = { steps: 0, rejected: 0, happened: 0 };
    for (let i = 0; i < n; i++) y[i] = y0[i];
    this.absolute.set(this.finest);
    reached.t = times[0];
    reached.event = -1;
    if (happenings) report.happened = happenings.begin(reached.t, y, p);
    out.set(y, 0);
    reached.written = 1;
    // From event to event: what is set at once would spoil any step that reached across it.
    while (reached.t < tEnd) {
      const due = happenings ? happenings.next(reached.t, y, p) : Infinity;
      this.stretch(p, Math.min(due, tEnd), times, out, report);
      if (!happenings || (reached.event < 0 && due > tEnd)) continue;
      report.happened += happenings.happen(reached.t, y, p, reached.event);
      if (report.happened > MOST_EVENTS) {
        throw new SolverError(
          `These settings make more than ${MOST_EVENTS} events (stopped at ${short(reached.t)} ${this.equations.timeUnit}s). ` +
            "Move a slider back towards its start, or press Reset.",
        );
      }
      // A sample at the very moment of an event shows what follows it.
      while (reached.written > 1 && times[reached.written - 1] === reached.t) reached.written--;
      while (reached.written < times.length && times[reached.written] <= reached.t) {
        out.set(y, reached.written * n);
        reached.written++;
      }
    }
    return report;
  }

  /** Integrate from reached.t to tEnd, or to where an event's level is reached; leaves where it stopped in `reached`. */
  private stretch(p: Float64Array, tEnd: number, times: Float64Array, out: Float64Array, report: RunReport): void {
    const { n, y, yNext, f, equations, reached, happenings } = this;
    let { t, written } = reached;
    const span = tEnd - t;
    equations.rhs(t, y, p, f);
    this.checkFinite(f, t);
    let h = this.firstStep(span);
    let steps = 0;
    let rejected = 0;
    let freshJacobian = false;
    let afterRejection = false;
    const smallest = 1e-14 * Math.max(span, Math.abs(tEnd));
    reached.event = -1;

    while (t < tEnd && reached.event < 0) {
      if (steps + rejected >= this.tolerances.maximumSteps) {
        throw new SolverError(
          `These settings need more than ${this.tolerances.maximumSteps} steps of calculation ` +
            `(stopped at ${short(t)} ${equations.timeUnit}s). Move a slider back towards its start, or press Reset.`,
        );
      }
      if (h < smallest) {
        throw new SolverError(
          `The equations change too abruptly at ${short(t)} ${equations.timeUnit}s to be followed with these settings. ` +
            "Move a slider back towards its start, or press Reset.",
        );
      }
      // A last sliver shorter than the rounding error of t would never arrive.
      if (t + 1.01 * h >= tEnd) h = tEnd - t;
      if (!freshJacobian) {
        equations.jacobian(t, y, p, this.J);
        if (this.timeDependent) this.timeDerivative(t, p, span);
        freshJacobian = true;
      }
      const error = this.step(t, h, p);
      if (error <= 1) {
        let tNext = t + h >= tEnd ? tEnd : t + h;
        if (happenings) {
          const share = happenings.crossing(t, h, yNext, p, this.between);
          if (share < 1) {
            reached.event = happenings.crossed;
            tNext = t + share * h;
            this.interpolate(share, this.atEvent, 0);
          } else if (happenings.crossed >= 0) {
            reached.event = happenings.crossed;
            this.atEvent.set(yNext);
          }
        }
        while (written < times.length && times[written] <= tNext) {
          this.interpolate((times[written] - t) / h, out, written * n);
          written++;
        }
        y.set(reached.event < 0 ? yNext : this.atEvent);
        t = tNext;
        steps++;
        for (const i of this.absent) this.absolute[i] = Math.max(this.absolute[i], TRACE * Math.abs(y[i]));
        freshJacobian = false;
        if (t < tEnd && reached.event < 0) {
          equations.rhs(t, y, p, f);
          this.checkFinite(f, t);
        }
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
    reached.t = t;
    reached.written = written;
  }

  /** The state at a share of the step just made, in an array that the next call overwrites. */
  private readonly between = (share: number): Float64Array => {
    this.interpolate(share, this.yStage, 0);
    return this.yStage;
  };

  /** Whether anything may happen at once during a run with these constants. */
  expectsEvents(p: Float64Array): boolean {
    const { happenings, equations } = this;
    return happenings !== null && (equations.events!.waitsForLevel.includes(true) || happenings.pending(equations.scale, p));
  }

  /**
   * Find the settled state near `guess` and write it into `out` (length n); returns false if there is none to be found
   * (a model that keeps swinging). Newton's method in its pseudo-transient form, (I/h - J) d = f with h growing: it
   * keeps conserved totals, where the plain Jacobian is singular, and cannot wander off to a state no run reaches.
   */
  steadyState(p: Float64Array, guess: ArrayLike<number>, out: Float64Array, horizon: number): boolean {
    this.checkInput(p, guess);
    const { happenings } = this;
    // Where something is still to come, nothing is settled.
    if (happenings?.pending(this.equations.scale, p)) return false;
    return this.findRest(p, guess, out, horizon) && !happenings?.fires(out, p);
  }

  private findRest(p: Float64Array, guess: ArrayLike<number>, out: Float64Array, horizon: number): boolean {
    for (let i = 0; i < this.n; i++) this.yNext[i] = guess[i];
    if (this.newton(p, horizon * 1e4, horizon, out)) return true;
    for (let i = 0; i < this.n; i++) this.yNext[i] = guess[i];
    if (this.newton(p, horizon * 1e-3, horizon, out)) return true;
    const far = new Float64Array([0, horizon * 200]);
    const ends = new Float64Array(2 * this.n);
    try {
      this.run(p, guess, far, ends);
    } catch (error) {
      if (error instanceof SolverError) return false;
      throw error;
    }
    for (let i = 0; i < this.n; i++) this.yNext[i] = ends[this.n + i];
    return this.newton(p, horizon * 1e4, horizon, out);
  }

  /** Newton's method from yNext with the first stride h; each stride that helps makes the next one longer. */
  private newton(p: Float64Array, firstStride: number, horizon: number, out: Float64Array): boolean {
    const { n, f, yNext, yStage, stages, equations } = this;
    let h = firstStride;
    let before = Infinity;
    for (let iteration = 0; iteration < NEWTON_LIMIT; iteration++) {
      equations.rhs(0, yNext, p, f);
      let size = 0;
      for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(f[i]) / (Math.abs(yNext[i]) + this.absolute[i]));
      if (!Number.isFinite(size)) return false;
      if (size > 4 * before) {
        // A worse place: back to where it was, with a shorter stride.
        yNext.set(yStage);
        h *= 0.02;
        before = Infinity;
        if (h < 1e-9 * horizon) return false;
        continue;
      }
      equations.jacobian(0, yNext, p, this.J);
      if (!this.factorise(1 / h)) return false;
      for (let i = 0; i < n; i++) stages[i] = f[i];
      this.solve(0);
      let damping = 1;
      for (let i = 0; i < n; i++) {
        // A level that is as good as gone may go: held back, it would hold back all the others for ever.
        if (equations.nonNegative[i] && yNext[i] > this.absolute[i] && yNext[i] + damping * stages[i] < 0.05 * yNext[i]) {
          damping = Math.min(damping, (-0.95 * yNext[i]) / stages[i]);
        }
      }
      let change = 0;
      yStage.set(yNext);
      for (let i = 0; i < n; i++) {
        const step = equations.nonNegative[i] ? Math.max(damping * stages[i], -yNext[i]) : damping * stages[i];
        yNext[i] += step;
        change = Math.max(change, Math.abs(step) / (Math.abs(yNext[i]) + this.absolute[i]));
      }
      if (!Number.isFinite(change)) return false;
      // A short stride is short by choice: only a long one that goes nowhere has arrived.
      if (change < 1e-7 && damping === 1 && h >= 10 * horizon) {
        out.set(yNext);
        return true;
      }
      if (size < before) h *= before === Infinity ? 10 : Math.min(1e3, Math.max(2, before / size));
      h = Math.min(h, horizon * 1e6);
      before = size;
    }
    return false;
  }

  private checkInput(p: Float64Array, y0: ArrayLike<number>): void {
    for (let k = 0; k < p.length; k++) {
      if (!Number.isFinite(p[k])) {
        throw new SolverError(`"${this.equations.parameterNames[k]}" is ${p[k]}, which is not a number to calculate with. Press Reset.`);
      }
    }
    for (let i = 0; i < this.n; i++) {
      if (!Number.isFinite(y0[i])) {
        throw new SolverError(`The run would start with "${this.equations.species[i]}" at ${y0[i]}, which is not a number. Press Reset.`);
      }
    }
  }

  private checkFinite(values: Float64Array, t: number): void {
    for (let i = 0; i < this.n; i++) {
      if (!Number.isFinite(values[i])) {
        throw new SolverError(
          `The rate of change of "${this.equations.species[i]}" is not a number at ${short(t)} ${this.equations.timeUnit}s with ` +
            "these settings. Move a slider back towards its start, or press Reset.",
        );
      }
    }
  }

  /** A first step in which no species changes by more than a few per cent. */
  private firstStep(span: number): number {
    let fastest = 0;
    for (let i = 0; i < this.n; i++) {
      const typical = Math.max(Math.abs(this.y[i]), Math.abs(this.equations.scale[i]) * 1e-3, this.absolute[i]);
      fastest = Math.max(fastest, Math.abs(this.f[i]) / typical);
    }
    const h = fastest > 0 ? 0.05 / fastest : span / 10;
    return Math.min(span / 10, Math.max(span * 1e-9, h));
  }

  private timeDerivative(t: number, p: Float64Array, span: number): void {
    const dt = 1e-7 * span;
    this.equations.rhs(t + dt, this.y, p, this.fTime);
    for (let i = 0; i < this.n; i++) this.fTime[i] = (this.fTime[i] - this.f[i]) / dt;
  }

  /** One step from y; writes yNext and the dense output; returns the error in units of the tolerance (<= 1: accept). */
  private step(t: number, h: number, p: Float64Array): number {
    const { n, y, yNext, yStage, f, fStage, stages, equations } = this;
    if (!this.factorise(1 / (GAMMA * h))) return Infinity;
    for (let s = 0; s < STAGES; s++) {
      const at = s * n;
      const a = A[s];
      const c = C[s];
      let slope = f;
      if (s > 0) {
        for (let i = 0; i < n; i++) {
          let value = y[i];
          for (let j = 0; j < s; j++) value += a[j] * stages[j * n + i];
          yStage[i] = value;
        }
        equations.rhs(t + STAGE_TIME[s] * h, yStage, p, fStage);
        slope = fStage;
      }
      for (let i = 0; i < n; i++) {
        let carried = 0;
        for (let j = 0; j < s; j++) carried += c[j] * stages[j * n + i];
        stages[at + i] = slope[i] + carried / h;
      }
      if (this.timeDependent) {
        const weight = STAGE_TIME_DERIVATIVE[s] * h;
        for (let i = 0; i < n; i++) stages[at + i] += weight * this.fTime[i];
      }
      this.solve(at);
    }

    // The sixth stage is the difference between the two embedded solutions.
    const last = (STAGES - 1) * n;
    let error = 0;
    for (let i = 0; i < n; i++) {
      const difference = stages[last + i];
      let value = yStage[i] + difference;
      const tolerance = this.absolute[i] + this.tolerances.relative * Math.max(Math.abs(y[i]), Math.abs(value));
      const share = Math.abs(difference) / tolerance;
      if (!(share <= error)) error = share;
      if (value < 0 && equations.nonNegative[i]) {
        // Rounding may take an amount a hair below nothing; more than a hair means the step was too long.
        if (value < -10 * tolerance - this.tolerances.relative * Math.abs(y[i])) return Infinity;
        value = 0;
      }
      yNext[i] = value;
    }
    if (!Number.isFinite(error)) return Infinity;
    if (error <= 1) {
      for (let i = 0; i < n; i++) {
        let second = 0;
        let third = 0;
        for (let j = 0; j < STAGES - 1; j++) {
          second += DENSE_2[j] * stages[j * n + i];
          third += DENSE_3[j] * stages[j * n + i];
        }
        this.dense2[i] = second;
        this.dense3[i] = third;
      }
    }
    return Math.max(error, 1e-6);
  }

  /** The state at a share 0..1 of the step just made. */
  private interpolate(share: number, out: Float64Array, at: number): void {
    const rest = 1 - share;
    for (let i = 0; i < this.n; i++) {
      const value = this.y[i] * rest + share * (this.yNext[i] + rest * (this.dense2[i] + share * this.dense3[i]));
      out[at + i] = value < 0 && this.equations.nonNegative[i] ? 0 : value;
    }
  }

  /** LU factors of (diagonal * I - J) with row exchanges, in place; false if singular. */
  private factorise(diagonal: number): boolean {
    const { n, J, LU, pivot } = this;
    for (let k = 0; k < n * n; k++) LU[k] = -J[k];
    for (let i = 0; i < n; i++) LU[i * n + i] += diagonal;
    for (let k = 0; k < n; k++) {
      let best = k;
      let size = Math.abs(LU[k * n + k]);
      for (let i = k + 1; i < n; i++) {
        const other = Math.abs(LU[i * n + k]);
        if (other > size) {
          size = other;
          best = i;
        }
      }
      if (!(size > 0) || size === Infinity) return false;
      pivot[k] = best;
      if (best !== k) {
        for (let j = 0; j < n; j++) {
          const held = LU[k * n + j];
          LU[k * n + j] = LU[best * n + j];
          LU[best * n + j] = held;
        }
      }
      const inverse = 1 / LU[k * n + k];
      for (let i = k + 1; i < n; i++) {
        const at = i * n + k;
        // Reaction networks are sparse: most of these are zero.
        if (LU[at] === 0) continue;
        const factor = LU[at] * inverse;
        LU[at] = factor;
        for (let j = k + 1; j < n; j++) LU[i * n + j] -= factor * LU[k * n + j];
      }
    }
    return true;
  }

  /** Solve with the factors, in place, for the right-hand side stages[at .. at + n). */
  private solve(at: number): void {
    const { n, LU, pivot, stages: b } = this;
    for (let k = 0; k < n; k++) {
      const other = pivot[k];
      if (other !== k) {
        const held = b[at + k];
        b[at + k] = b[at + other];
        b[at + other] = held;
      }
    }
    for (let i = 1; i < n; i++) {
      let value = b[at + i];
      for (let j = 0; j < i; j++) value -= LU[i * n + j] * b[at + j];
      b[at + i] = value;
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = b[at + i];
      for (let j = i + 1; j < n; j++) value -= LU[i * n + j] * b[at + j];
      b[at + i] = value / LU[i * n + i];
    }
  }
}

/** Which events are due, and what they do, in one run. */
class Happenings {
  /** The event whose level `crossing` found, or -1. */
  crossed = -1;

  private readonly holds: boolean[];
  private readonly now: boolean[];
  private readonly due: Float64Array;
  private readonly gap: Float64Array;
  private readonly fresh: Float64Array;
  private readonly first: number[] = [];

  constructor(
    private readonly events: ModelEvents,
    n: number,
  ) {
    const count = events.names.length;
    this.holds = new Array<boolean>(count).fill(false);
    this.now = new Array<boolean>(count).fill(false);
    this.due = new Float64Array(count);
    this.gap = new Float64Array(count);
    let total = 0;
    for (const places of events.places) {
      this.first.push(total);
      total += places.length;
    }
    this.fresh = new Float64Array(total);
    this.state = new Float64Array(n);
  }

  private readonly state: Float64Array;

  /** Let happen what is due at the start; returns how many did. */
  begin(t: number, y: Float64Array, p: Float64Array): number {
    this.look(t, y, p);
    for (let i = 0; i < this.holds.length; i++) this.holds[i] = this.now[i] && !this.events.atStart[i];
    return this.cascade(t, y, p, -1);
  }

  /** When the next event that waits for time is due. */
  next(t: number, y: Float64Array, p: Float64Array): number {
    this.events.times(t, y, p, this.due);
    let soonest = Infinity;
    for (let i = 0; i < this.due.length; i++) {
      if (!this.holds[i] && this.due[i] > t && this.due[i] < soonest) soonest = this.due[i];
    }
    return soonest;
  }

  /** The share of a step at which the first event's level is reached; 1 at its very end or if none is (see `crossed`). */
  crossing(t: number, h: number, yNext: Float64Array, p: Float64Array, between: (share: number) => Float64Array): number {
    this.crossed = -1;
    let soonest = 1;
    this.events.gaps(t + h, yNext, p, this.gap);
    for (let i = 0; i < this.gap.length; i++) {
      if (!this.events.waitsForLevel[i] || this.gap[i] >= 0 === this.holds[i]) continue;
      let low = 0;
      let high = soonest;
      const beyond = this.holds[i];
      for (let k = 0; k < 60 && high - low > 1e-15; k++) {
        const middle = 0.5 * (low + high);
        this.events.gaps(t + middle * h, between(middle), p, this.due);
        if (this.due[i] >= 0 === beyond) low = middle;
        else high = middle;
      }
      if (high < soonest || this.crossed < 0) {
        soonest = high;
        this.crossed = i;
      }
    }
    return soonest;
  }

  /** Let happen what is due at t, or whose level has just been reached; returns how many did. */
  happen(t: number, y: Float64Array, p: Float64Array, reached: number): number {
    return this.cascade(t, y, p, reached);
  }

  /** Whether an event that waits for time is still to come from these switches. */
  pending(y: ArrayLike<number>, p: Float64Array): boolean {
    this.state.set(y);
    this.events.times(0, this.state, p, this.due);
    return this.due.some((due, i) => Number.isFinite(due) && (due > 0 || this.events.atStart[i]));
  }

  /** Whether an event that waits for a level would happen in this state. */
  fires(y: Float64Array, p: Float64Array): boolean {
    this.events.gaps(0, y, p, this.gap);
    return this.gap.some((gap) => gap >= 0);
  }

  private look(t: number, y: Float64Array, p: Float64Array): void {
    this.events.times(t, y, p, this.due);
    this.events.gaps(t, y, p, this.gap);
    for (let i = 0; i < this.now.length; i++) this.now[i] = t >= this.due[i] || this.gap[i] >= 0;
  }

  /** Everything happens whose condition has turned true, and whatever that makes true in turn. */
  private cascade(t: number, y: Float64Array, p: Float64Array, reached: number): number {
    const waiting: { places: readonly number[]; values: number[] }[] = [];
    let happened = 0;
    for (;;) {
      this.look(t, y, p);
      // The moment was found to rounding error: which side of zero it fell on says nothing.
      if (reached >= 0) this.now[reached] = !this.holds[reached];
      reached = -1;
      if (this.now.some((now, i) => now && !this.holds[i])) this.events.values(t, y, p, this.fresh);
      for (let i = 0; i < this.now.length; i++) {
        if (this.now[i] && !this.holds[i]) {
          const places = this.events.places[i];
          waiting.push({ places, values: Array.from(this.fresh.subarray(this.first[i], this.first[i] + places.length)) });
        }
        this.holds[i] = this.now[i];
      }
      const next = waiting.shift();
      if (!next || happened > MOST_EVENTS) return happened;
      next.places.forEach((place, k) => (y[place] = next.values[k]));
      happened++;
    }
  }
}

/** Whether a function's text uses its first argument beyond naming it. */
function readsTime(rhs: (...given: never[]) => void): boolean {
  const text = rhs.toString();
  const first = /\(\s*([A-Za-z_$][\w$]*)/.exec(text)?.[1];
  if (!first) return true;
  const uses = text.match(new RegExp(`(?<![\\w$.])${first.replace("$", "\\$")}(?![\\w$])`, "g"));
  return (uses?.length ?? 0) > 1;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
