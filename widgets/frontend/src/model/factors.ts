/** The linear systems of a step: (diagonal * I - J) x = b, by LU factors with row exchanges. */
export class Factors {
  /** The Jacobian, row-major; written by whoever uses the factors. */
  readonly J: Float64Array;

  private readonly LU: Float64Array;
  private readonly pivot: Int32Array;

  constructor(private readonly n: number) {
    this.J = new Float64Array(n * n);
    this.LU = new Float64Array(n * n);
    this.pivot = new Int32Array(n);
  }

  /** LU factors of (diagonal * I - J) with row exchanges, in place; false if singular. */
  factorise(diagonal: number): boolean {
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

  /** Solve with the factors, in place, for the right-hand side b[at .. at + n). */
  solve(b: Float64Array, at: number): void {
    const { n, LU, pivot } = this;
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
