/** What a doubtful constant does: the same run with each constant halved and doubled in turn, as a band of courses. */
import type { Doubt } from "../spec/generated";
import { Fan } from "./fan";
import type { LoadedModel } from "./module";
import type { Crowd } from "./people";
import { SolverError } from "./equations";

/** Which of the courses is the lowest or the highest at the end, and how far it goes there. */
export interface End {
  value: number;
  doubt: Doubt;
}

export interface Band {
  low: Float64Array;
  high: Float64Array;
  lowest: End;
  highest: End;
}

/** A crowd of one model: in each of them one constant has another value. */
class Changed implements Crowd {
  readonly n: number;
  private readonly changes: (readonly [number, number])[][];

  constructor(model: LoadedModel, doubts: readonly Doubt[]) {
    this.n = doubts.length;
    this.changes = doubts.map((doubt) =>
      Object.entries(doubt.changes).map(([name, value]) => {
        const at = model.parameterNames.indexOf(name);
        if (at < 0) throw new SolverError(`This model has no "${name}".`);
        return [at, value] as const;
      }),
    );
  }

  constants(one: number, middle: Float64Array, p: Float64Array): void {
    p.set(middle);
    for (const [at, value] of this.changes[one]) p[at] = value;
  }
}

export class Doubts {
  readonly fan: Fan;

  /** `relative`: courses count in their own levels at rest. */
  constructor(
    model: LoadedModel,
    private readonly doubts: readonly Doubt[],
    output: string,
    readonly times: Float64Array,
    private readonly relative: boolean,
  ) {
    this.fan = new Fan(model, new Changed(model, doubts), output, times);
  }

  /** From the lowest to the highest course, `own` (the run as it is drawn, in the same terms) among them. */
  band(own: Float64Array): Band | null {
    const { fan, times } = this;
    const rows = times.length;
    const low = own.slice();
    const high = own.slice();
    let lowest: End | null = null;
    let highest: End | null = null;
    this.doubts.forEach((doubt, one) => {
      const scale = this.relative ? 1 / fan.rests[one] : 1;
      for (let k = 0; k < rows; k++) {
        const value = fan.courses[one * rows + k] * scale;
        // One that cannot be run says nothing.
        if (!Number.isFinite(value)) return;
        low[k] = Math.min(low[k], value);
        high[k] = Math.max(high[k], value);
      }
      const end = { value: fan.courses[(one + 1) * rows - 1] * scale, doubt };
      if (!lowest || end.value < lowest.value) lowest = end;
      if (!highest || end.value > highest.value) highest = end;
    });
    return lowest && highest ? { low, high, lowest, highest } : null;
  }
}
