/** What happens at once in a run: events whose condition turns true, and the moments of schedules. */
import type { Equations, ModelEvents } from "./equations";
import type { Moment } from "./schedules";

/** Events after which a run is given up. */
export const MOST_EVENTS = 20_000;

/** Which events are due, and what they do, in one run. */
export class Happenings {
  /** The event whose level `crossing` found, or -1. */
  crossed = -1;

  private readonly holds: boolean[];
  private readonly now: boolean[];
  private readonly due: Float64Array;
  private readonly gap: Float64Array;
  private readonly fresh: Float64Array;
  private readonly first: number[] = [];

  private readonly state: Float64Array;
  /** What each schedule has now: nothing but at its moments. */
  private readonly amounts: Float64Array;
  private moments: readonly Moment[] = [];
  private passed = 0;

  constructor(
    equations: Equations,
    private readonly events: ModelEvents,
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
    this.state = new Float64Array(equations.species.length);
    this.amounts = new Float64Array(equations.schedules?.length ?? 0);
  }

  /** Let happen what is due at the start; returns how many did. `moments`: of the schedules, in order of time. */
  begin(t: number, y: Float64Array, p: Float64Array, moments: readonly Moment[]): number {
    this.moments = moments;
    this.passed = 0;
    // A run that was broken off in the middle of a moment may have left one.
    this.amounts.fill(0);
    this.look(t, y, p);
    for (let i = 0; i < this.holds.length; i++) this.holds[i] = this.now[i] && !this.events.atStart[i];
    return this.cascade(t, y, p, -1) + this.scheduled(t, y, p);
  }

  /** When the next event that waits for time is due, or the next moment of a schedule. */
  next(t: number, y: Float64Array, p: Float64Array): number {
    this.events.times(t, y, p, this.due, this.amounts);
    let soonest = this.passed < this.moments.length ? this.moments[this.passed].time : Infinity;
    for (let i = 0; i < this.due.length; i++) {
      if (!this.holds[i] && this.due[i] > t && this.due[i] < soonest) soonest = this.due[i];
    }
    return soonest;
  }

  /** The share of a step at which the first event's level is reached; 1 at its very end or if none is (see `crossed`). */
  crossing(t: number, h: number, yNext: Float64Array, p: Float64Array, between: (share: number) => Float64Array): number {
    this.crossed = -1;
    let soonest = 1;
    this.events.gaps(t + h, yNext, p, this.gap, this.amounts);
    for (let i = 0; i < this.gap.length; i++) {
      if (!this.events.waitsForLevel[i] || this.gap[i] >= 0 === this.holds[i]) continue;
      let low = 0;
      let high = soonest;
      const beyond = this.holds[i];
      for (let k = 0; k < 60 && high - low > 1e-15; k++) {
        const middle = 0.5 * (low + high);
        this.events.gaps(t + middle * h, between(middle), p, this.due, this.amounts);
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
    return this.cascade(t, y, p, reached) + this.scheduled(t, y, p);
  }

  /** The moments of schedules that have come, one after another; returns how many events they made. */
  private scheduled(t: number, y: Float64Array, p: Float64Array): number {
    let happened = 0;
    while (this.passed < this.moments.length && this.moments[this.passed].time <= t) {
      const { place, amount } = this.moments[this.passed++];
      this.amounts[place] = amount;
      happened += this.cascade(t, y, p, -1);
      // The moment is over: what waits for the next one may happen again.
      this.amounts[place] = 0;
      happened += this.cascade(t, y, p, -1);
    }
    return happened;
  }

  /** Whether an event that waits for time is still to come from these switches. */
  pending(y: ArrayLike<number>, p: Float64Array): boolean {
    this.state.set(y);
    this.events.times(0, this.state, p, this.due, this.amounts);
    return this.due.some((due, i) => Number.isFinite(due) && (due > 0 || this.events.atStart[i]));
  }

  /** Whether an event that waits for a level would happen in this state. */
  fires(y: Float64Array, p: Float64Array): boolean {
    this.events.gaps(0, y, p, this.gap, this.amounts);
    return this.gap.some((gap) => gap >= 0);
  }

  private look(t: number, y: Float64Array, p: Float64Array): void {
    this.events.times(t, y, p, this.due, this.amounts);
    this.events.gaps(t, y, p, this.gap, this.amounts);
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
      if (this.now.some((now, i) => now && !this.holds[i])) this.events.values(t, y, p, this.fresh, this.amounts);
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
