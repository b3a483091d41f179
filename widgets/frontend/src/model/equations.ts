/** What a model is to the solver: equations, events, tolerances, and the words of a refusal. */

/** What a model says of a schedule, as Model.to_javascript() writes it. */
export interface ScheduleSpec {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  /** Constants that count as zero in a run with this schedule, such as the number of regular doses. */
  readonly replaces: readonly string[];
  /** How many entries it may have. */
  readonly most: number;
}

/** What the solver needs of a model, and how it refuses: the words that solver, events, schedules and rest share. */

/** n = number of species, p = all constants in the model's order. */
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
  /** What a run may be given as times with amounts. Absent in a model without schedules. */
  readonly schedules?: readonly ScheduleSpec[];
}

/** A function of time, levels, constants and what the schedules have now (zero but at their moments). */
type OfMoment = (t: number, y: Float64Array, p: Float64Array, out: Float64Array, amounts: Float64Array) => void;

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
  readonly times: OfMoment;
  /** What crosses zero upwards when each happens; -Infinity for one that waits for time. */
  readonly gaps: OfMoment;
  /** The new values of all events, one event after another in the order of `places`. */
  readonly values: OfMoment;
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

/** A refusal the reader is shown; everything else that is thrown is a defect. */
export class SolverError extends Error {
  override readonly name = "SolverError";
}

/** How such a refusal ends. */
export const BACK = "Move a slider back towards its start, or press Reset.";

/** Three digits of a number, for a sentence. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function refuseNonNumbers(equations: Equations, p: Float64Array, y0: ArrayLike<number>): void {
  for (let k = 0; k < p.length; k++) {
    if (!Number.isFinite(p[k])) {
      throw new SolverError(`"${equations.parameterNames[k]}" is ${p[k]}, which is not a number to calculate with. Press Reset.`);
    }
  }
  for (let i = 0; i < equations.species.length; i++) {
    if (!Number.isFinite(y0[i])) {
      throw new SolverError(`The run would start with "${equations.species[i]}" at ${y0[i]}, which is not a number. Press Reset.`);
    }
  }
}

/** Whether a function's text uses its first argument beyond naming it. */
export function readsTime(rhs: (...given: never[]) => void): boolean {
  const text = rhs.toString();
  const first = /\(\s*([A-Za-z_$][\w$]*)/.exec(text)?.[1];
  if (!first) return true;
  // What stands before it is taken along: Safari before 16.4 stops at a pattern that looks behind.
  const uses = text.match(new RegExp(`(?:^|[^\\w$.])${first.replace("$", "\\$")}(?![\\w$])`, "g"));
  return (uses?.length ?? 0) > 1;
}
