/**
 * The same people as `simulate_population` in the kernel (widgets/population.py describes how they are made): each is
 * the model with constants of their own, and settles once at rest and once after the change.
 */
import type { LoadedModel } from "./module";
import { Settling } from "./settling";

/** As `Population` in widgets/labs.py, with the constants that differ written out. */
export interface PopulationSpec {
  n: number;
  seed: number;
  /** Standard deviation of the natural logarithm of a constant over people. */
  spread: number;
  constants: string[];
}

// -- who they are -----------------------------------------------------------------------------------------------

/** MurmurHash3's finaliser: a one-to-one scrambling of 32 bits. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function absorb(h: number, word: number): number {
  return mix(((h ^ word) + 0x9e3779b9) | 0);
}

/** FNV-1a, 32 bits, of a name in letters, digits and underscores. */
export function nameHash(name: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** The standard normal number that one constant of one person gets; `constant` is the hash of its name. */
export function normalNumber(seed: number, person: number, constant: number): number {
  const crowd = absorb(absorb(0, seed % 2 ** 32), Math.floor(seed / 2 ** 32));
  const own = absorb(absorb(crowd, person), constant);
  const first = (absorb(own, 1) + 0.5) / 2 ** 32;
  const second = (absorb(own, 2) + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}

// -- where they settle --------------------------------------------------------------------------------------------

/** Looks at the clock after this many people. */
const TOGETHER = 2;

export class Population {
  /** How many times its own level at rest one output is in each person; NaN for one who does not settle. */
  readonly folds: Float64Array;

  private readonly settling: Settling;
  private readonly varied: { at: number; hash: number; low: number; high: number }[];
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
    this.varied = spec.constants.map((name) => {
      const at = this.settling.indexOf(name);
      const { min, max } = model.parameters[at];
      return { at, hash: nameHash(name), low: min ?? -Infinity, high: max ?? Infinity };
    });
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
    const { p, defaults, spec } = this;
    p.set(defaults);
    for (const { at, hash, low, high } of this.varied) {
      const value = defaults[at] * Math.exp(spec.spread * normalNumber(spec.seed, person, hash));
      p[at] = Math.min(high, Math.max(low, value));
    }
    return p;
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

// -- in slices ------------------------------------------------------------------------------------------------------

/** The longest slice of idle time, and of time that is taken although the page is busy. */
const IDLE_MS = 14;
const BUSY_MS = 6;

/** Long work in short slices while the page is idle, so that nothing freezes; a new start ends the old one. */
export class InSlices {
  private handle = 0;
  private running = false;

  /** `work(late)` goes on where it stopped, until `late()`, and returns whether it is done. */
  start(work: (late: () => boolean) => boolean, done: () => void): void {
    this.cancel();
    this.running = true;
    const slice = (deadline?: IdleDeadline) => {
      // A page that is never idle gives a slice all the same, now and then.
      const idle = deadline && !deadline.didTimeout;
      const length = idle ? Math.min(IDLE_MS, Math.max(2, deadline.timeRemaining())) : BUSY_MS;
      const until = performance.now() + length;
      if (!work(() => performance.now() >= until)) {
        this.handle = later(slice);
        return;
      }
      this.running = false;
      done();
    };
    this.handle = later(slice);
  }

  get isRunning(): boolean {
    return this.running;
  }

  cancel(): void {
    this.running = false;
    if (typeof cancelIdleCallback === "function") cancelIdleCallback(this.handle);
    else clearTimeout(this.handle);
  }
}

/** Not every browser says when it is idle. */
function later(slice: (deadline?: IdleDeadline) => void): number {
  if (typeof requestIdleCallback === "function") return requestIdleCallback(slice, { timeout: 30 });
  return setTimeout(slice, 0) as unknown as number;
}
