/**
 * One step of the integrator (RODAS, see tableau.ts): one exact Jacobian, one LU factorisation and no Newton iteration,
 * so a step costs the same whatever the reader does to a slider. All arrays are made once per model and used again.
 */
import { BACK, readsTime, short, SolverError, type Equations, type Tolerances } from "./equations";
import { Factors } from "./factors";
import { A, C, DENSE_2, DENSE_3, GAMMA, STAGES, STAGE_TIME, STAGE_TIME_DERIVATIVE } from "./tableau";

/** What is nothing at rest (a tablet in the gut) is followed to within this share of the most there has been. */
const TRACE = 1e-6;

export class Stepper {
  /** Levels at the start of the step and at its end. */
  readonly y: Float64Array;
  readonly yNext: Float64Array;
  /** Rates of change at the start of the step. */
  readonly f: Float64Array;
  readonly yStage: Float64Array;
  readonly stages: Float64Array;
  /** Absolute tolerance of each species. */
  readonly absolute: Float64Array;
  readonly factors: Factors;

  private readonly n: number;
  /** Species that are zero at rest, and everybody's absolute tolerance before a run. */
  private readonly absent: readonly number[];
  private readonly finest: Float64Array;
  private readonly fStage: Float64Array;
  private readonly fTime: Float64Array;
  private readonly dense2: Float64Array;
  private readonly dense3: Float64Array;
  private readonly timeDependent: boolean;

  constructor(
    private readonly equations: Equations,
    private readonly tolerances: Tolerances,
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
    this.factors = new Factors(n);
    // The generated functions all take `t`; only one that reads it needs the time derivative.
    this.timeDependent = readsTime(equations.rhs);
  }

  /** Put the levels where a run begins. */
  restart(y0: ArrayLike<number>): void {
    for (let i = 0; i < this.n; i++) this.y[i] = y0[i];
    this.absolute.set(this.finest);
  }

  /** The rates of change at the present levels; throws SolverError if one is no number. */
  begin(t: number, p: Float64Array): void {
    this.equations.rhs(t, this.y, p, this.f);
    for (let i = 0; i < this.n; i++) {
      if (!Number.isFinite(this.f[i])) {
        throw new SolverError(
          `The rate of change of "${this.equations.species[i]}" is not a number at ${short(t)} ${this.equations.timeUnit}s with ` +
            `these settings. ${BACK}`,
        );
      }
    }
  }

  /** A first step in which no species changes by more than a few per cent. */
  firstStep(span: number): number {
    let fastest = 0;
    for (let i = 0; i < this.n; i++) {
      const typical = Math.max(Math.abs(this.y[i]), Math.abs(this.equations.scale[i]) * 1e-3, this.absolute[i]);
      fastest = Math.max(fastest, Math.abs(this.f[i]) / typical);
    }
    const h = fastest > 0 ? 0.05 / fastest : span / 10;
    return Math.min(span / 10, Math.max(span * 1e-9, h));
  }

  /** The Jacobian at the present levels, and how the rates change with time alone. */
  linearise(t: number, p: Float64Array, span: number): void {
    this.equations.jacobian(t, this.y, p, this.factors.J);
    if (!this.timeDependent) return;
    const dt = 1e-7 * span;
    this.equations.rhs(t + dt, this.y, p, this.fTime);
    for (let i = 0; i < this.n; i++) this.fTime[i] = (this.fTime[i] - this.f[i]) / dt;
  }

  /** One step from y; writes yNext and the dense output; returns the error in units of the tolerance (<= 1: accept). */
  step(t: number, h: number, p: Float64Array): number {
    const { n, y, yStage, f, fStage, stages, equations, factors } = this;
    if (!factors.factorise(1 / (GAMMA * h))) return Infinity;
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
      factors.solve(stages, at);
    }
    const error = this.finish();
    if (!Number.isFinite(error)) return Infinity;
    if (error <= 1) this.prepareDense();
    return Math.max(error, 1e-6);
  }

  /** yNext from the stages, and the largest error in units of the tolerance; Infinity for an amount below zero. */
  private finish(): number {
    const { n, y, yNext, yStage, stages, equations } = this;
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
    return error;
  }

  private prepareDense(): void {
    const { n, stages } = this;
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

  /** The state at a share 0..1 of the step just made, until `advance` is called. */
  interpolate(share: number, out: Float64Array, at: number): void {
    const rest = 1 - share;
    for (let i = 0; i < this.n; i++) {
      const value = this.y[i] * rest + share * (this.yNext[i] + rest * (this.dense2[i] + share * this.dense3[i]));
      out[at + i] = value < 0 && this.equations.nonNegative[i] ? 0 : value;
    }
  }

  /** Go on from `levels`: where the step ended, or where an event's level was reached in it. */
  advance(levels: Float64Array): void {
    this.y.set(levels);
    for (const i of this.absent) this.absolute[i] = Math.max(this.absolute[i], TRACE * Math.abs(this.y[i]));
  }
}
