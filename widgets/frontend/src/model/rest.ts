/** Where a model comes to rest, by Newton's method, in the arrays of its stepper. */
import type { Equations } from "./equations";
import type { Stepper } from "./step";

const NEWTON_LIMIT = 120;

/**
 * Newton's method in its pseudo-transient form, (I/h - J) d = f with h growing: it keeps conserved totals, where the
 * plain Jacobian is singular, and cannot wander off to a state no run reaches.
 */
export class Rest {
  constructor(
    private readonly equations: Equations,
    private readonly stepper: Stepper,
  ) {}

  /** From `guess` with the first stride h; each stride that helps makes the next one longer. Writes `out` if it arrives. */
  find(p: Float64Array, guess: ArrayLike<number>, firstStride: number, horizon: number, out: Float64Array): boolean {
    const { f, yNext, yStage, stages, factors } = this.stepper;
    for (let i = 0; i < yNext.length; i++) yNext[i] = guess[i];
    let h = firstStride;
    let before = Infinity;
    for (let iteration = 0; iteration < NEWTON_LIMIT; iteration++) {
      this.equations.rhs(0, yNext, p, f);
      const size = this.relative(f, yNext);
      if (!Number.isFinite(size)) return false;
      if (size > 4 * before) {
        // A worse place: back to where it was, with a shorter stride.
        yNext.set(yStage);
        h *= 0.02;
        before = Infinity;
        if (h < 1e-9 * horizon) return false;
        continue;
      }
      this.equations.jacobian(0, yNext, p, factors.J);
      if (!factors.factorise(1 / h)) return false;
      for (let i = 0; i < yNext.length; i++) stages[i] = f[i];
      factors.solve(stages, 0);
      const damping = this.damping();
      const change = this.stride(damping);
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

  private relative(values: Float64Array, levels: Float64Array): number {
    let size = 0;
    for (let i = 0; i < levels.length; i++) {
      size = Math.max(size, Math.abs(values[i]) / (Math.abs(levels[i]) + this.stepper.absolute[i]));
    }
    return size;
  }

  /** The share of the stride that leaves every amount a twentieth of itself. */
  private damping(): number {
    const { yNext, stages, absolute } = this.stepper;
    let damping = 1;
    for (let i = 0; i < yNext.length; i++) {
      // A level that is as good as gone may go: held back, it would hold back all the others for ever.
      if (this.equations.nonNegative[i] && yNext[i] > absolute[i] && yNext[i] + damping * stages[i] < 0.05 * yNext[i]) {
        damping = Math.min(damping, (-0.95 * yNext[i]) / stages[i]);
      }
    }
    return damping;
  }

  /** Take the stride, keeping the state before it in yStage; returns the largest relative change. */
  private stride(damping: number): number {
    const { yNext, yStage, stages, absolute } = this.stepper;
    let change = 0;
    yStage.set(yNext);
    for (let i = 0; i < yNext.length; i++) {
      const step = this.equations.nonNegative[i] ? Math.max(damping * stages[i], -yNext[i]) : damping * stages[i];
      yNext[i] += step;
      change = Math.max(change, Math.abs(step) / (Math.abs(yNext[i]) + absolute[i]));
    }
    return change;
  }
}
