/**
 * The same people as `simulate_population` in the kernel (widgets/engine/population.py describes how they are made): each is
 * the model with constants of their own, and settles once at rest and once after the change.
 */
import type { LoadedModel } from "./module";
import { People, type PopulationSpec } from "./people";
import { Settling } from "./settling";

export { nameHash, normalNumber, type PopulationSpec } from "./people";
export { InSlices } from "./slices";

// -- where they settle --------------------------------------------------------------------------------------------

/** Looks at the clock after this many people. */
const TOGETHER = 2;

export class Population {
  /** How many times its own level at rest one output is in each person; NaN for one who does not settle. */
  readonly folds: Float64Array;

  private readonly settling: Settling;
  private readonly people: People;
  private readonly defaults: Float64Array;
  private readonly shared: number[];
  private readonly p: Float64Array;
  private readonly rest: Float64Array;
  private readonly restLevels: Float64Array;
  private readonly after: Float64Array;
  /** People whose state at rest is known: all before this one. */
  private known = 0;
  private next: number;
  private present: Float64Array;

  /** `shared`: constants that are set for everybody, such as the lab's controls. */
  constructor(
    model: LoadedModel,
    private readonly spec: PopulationSpec,
    shared: readonly string[],
    private readonly output: string,
    horizon: number,
  ) {
    this.settling = new Settling(model, horizon);
    this.people = new People(model, spec);
    this.shared = shared.map((name) => this.settling.indexOf(name));
    this.defaults = this.settling.defaults();
    this.present = this.defaults;
    this.p = this.defaults.slice();
    this.rest = new Float64Array(spec.n * model.species.length);
    this.restLevels = new Float64Array(spec.n).fill(NaN);
    this.after = model.baseline.slice();
    this.folds = new Float64Array(spec.n).fill(NaN);
    this.next = spec.n;
  }

  /** The constants of one person at rest; the array is used again. */
  constants(person: number): Float64Array {
    this.people.constants(person, this.defaults, this.p);
    return this.p;
  }

  /** Begin anew with the settings in `present` (all constants, in the model's order). */
  begin(present: Float64Array): void {
    this.present = present.slice();
    this.next = 0;
  }

  /** Settle people one after another until `late()`; returns whether all are done. What is done stays done. */
  work(late: () => boolean): boolean {
    while (this.next < this.spec.n) {
      this.person(this.next++);
      if (this.next % TOGETHER === 0 && late()) break;
    }
    return this.next >= this.spec.n;
  }

  /** Where a person settles at rest and after the change; null for one who does not. For comparison with the kernel. */
  states(person: number): { rest: Float64Array; after: Float64Array } | null {
    const n = this.after.length;
    this.person(person);
    return Number.isNaN(this.folds[person])
      ? null
      : { rest: this.rest.slice(person * n, (person + 1) * n), after: this.after.slice() };
  }

  private person(person: number): void {
    const { settling, after, output, present } = this;
    const n = after.length;
    const p = this.constants(person);
    const rest = this.rest.subarray(person * n, (person + 1) * n);
    if (person >= this.known) {
      const found = settling.settle(p, settling.model.baseline, after);
      rest.set(after);
      this.restLevels[person] = found ? settling.value(output, rest, p) : NaN;
      if (person === this.known) this.known++;
    }
    this.folds[person] = NaN;
    if (Number.isNaN(this.restLevels[person])) return;
    for (const at of this.shared) p[at] = present[at];
    // From rest, not from the last settings: the answer depends on the settings alone.
    if (!settling.settle(p, rest, after)) return;
    const fold = settling.value(output, after, p) / this.restLevels[person];
    this.folds[person] = Number.isFinite(fold) ? fold : NaN;
  }
}

// -- what they have in common ---------------------------------------------------------------------------------------

export interface Summary {
  /** Those who settle, from the smallest to the largest. */
  sorted: Float64Array;
  median: number;
  /** Nine in ten lie between these two. */
  low: number;
  high: number;
  /** How many do not settle. */
  lost: number;
}

export function summary(folds: Float64Array): Summary | null {
  const sorted = folds.filter((fold) => !Number.isNaN(fold)).sort();
  if (!sorted.length) return null;
  return {
    sorted,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.05),
    high: quantile(sorted, 0.95),
    lost: folds.length - sorted.length,
  };
}

/** Of sorted values, with straight lines between them, as numpy and pandas do it. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
