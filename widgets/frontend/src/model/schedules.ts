/** Schedules: times with amounts, such as a calendar of doses; values of a model like any other. */
import { SolverError, short, type Equations, type ScheduleSpec } from "./equations";

/** Times (in the model's unit, from the start of the run) and amounts (in the schedule's unit), in any order. */
export type Calendar = readonly (readonly [time: number, amount: number])[];

/** One entry: when, of which schedule (its place among the model's), how much. */
export interface Moment {
  readonly time: number;
  readonly place: number;
  readonly amount: number;
}

/** The schedules that a solver's runs are given. */
export class Schedules {
  /** All entries in order of time; those of one time in the order given. */
  moments: readonly Moment[] = [];

  private readonly given = new Map<string, readonly Moment[]>();
  private replaced: readonly number[] = [];
  private readonly constants: Float64Array;

  constructor(private readonly equations: Equations) {
    this.constants = new Float64Array(equations.parameterNames.length);
  }

  /** Give a schedule, or take it away (null). Throws SolverError for an unknown name or an entry that is none. */
  set(name: string, calendar: Calendar | null): void {
    const specs = this.equations.schedules ?? [];
    const place = specs.findIndex((spec) => spec.name === name);
    if (place < 0) throw new SolverError(`This model has no schedule "${name}".`);
    if (calendar === null) this.given.delete(name);
    else this.given.set(name, checked(specs[place], place, calendar, this.equations.timeUnit));
    this.moments = inOrder([...this.given.values()].flat());
    const names = specs.filter((spec) => this.given.has(spec.name)).flatMap((spec) => spec.replaces);
    this.replaced = names.map((each) => this.equations.parameterNames.indexOf(each)).filter((at) => at >= 0);
  }

  /** `p` itself, or, where schedules take the place of constants, a copy (used again) with zeros in these places. */
  applied(p: Float64Array): Float64Array {
    if (!this.replaced.length) return p;
    this.constants.set(p);
    for (const at of this.replaced) this.constants[at] = 0;
    return this.constants;
  }

  /** Whether anything is to come. */
  get pending(): boolean {
    return this.moments.some((moment) => moment.amount > 0);
  }
}

function checked(spec: ScheduleSpec, place: number, calendar: Calendar, timeUnit: string): Moment[] {
  if (calendar.length > spec.most) {
    throw new SolverError(`This calendar has ${calendar.length} entries; it may have ${spec.most}. Leave out the last ones.`);
  }
  return calendar.map(([time, amount], k) => {
    if (!(time >= 0 && time < Infinity)) {
      throw new SolverError(`The time of entry ${k + 1} of this calendar is ${time}; give ${timeUnit}s from the start, at least 0.`);
    }
    // No amount at all is allowed whatever the range: the moment of a dose that is left out.
    if (amount !== 0 && !(amount >= spec.min && amount <= spec.max)) {
      const range = `${short(spec.min)} to ${short(spec.max)} ${spec.unit}`;
      throw new SolverError(`The amount of entry ${k + 1} of this calendar is ${amount}; give ${range}, or 0 for none.`);
    }
    return { time, place, amount };
  });
}

function inOrder(moments: Moment[]): Moment[] {
  return moments.sort((a, b) => a.time - b.time || a.place - b.place);
}
