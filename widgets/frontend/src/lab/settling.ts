/** Where a model settles, for any constants, and what its outputs are there: what claims and populations are made of. */
import type { LoadedModel } from "./model-module";
import { Solver, SolverError } from "./solver";

export class Settling {
  private readonly solver: Solver;
  private readonly index = new Map<string, number>();
  private readonly place = new Map<string, number>();
  private readonly observations: Float64Array;

  /** `horizon`: a typical time in which the model settles, in its unit of time. */
  constructor(
    readonly model: LoadedModel,
    private readonly horizon: number,
  ) {
    this.solver = new Solver(model);
    model.parameters.forEach((parameter, i) => this.index.set(parameter.name, i));
    [...model.species, ...model.assignments].forEach((name, i) => this.place.set(name, i));
    this.observations = new Float64Array(model.assignments.length + model.reactions.length);
  }

  /** The model's constants as they are written, in its order; a new array. */
  defaults(): Float64Array {
    return Float64Array.from(this.model.parameters, (parameter) => parameter.value);
  }

  /** The place of a constant among the model's constants. */
  indexOf(constant: string): number {
    const at = this.index.get(constant);
    if (at === undefined) throw new SolverError(`This model has no "${constant}".`);
    return at;
  }

  /** Write the state where everything settles into `state`; false if there is none. Tries each guess in turn. */
  settle(p: Float64Array, guesses: readonly Float64Array[], state: Float64Array): boolean {
    for (const guess of guesses) {
      try {
        if (this.solver.steadyState(p, guess, state, this.horizon)) return true;
      } catch (error) {
        // A rate that is no number from one guess need not be so from the next.
        if (!(error instanceof SolverError)) throw error;
      }
    }
    return false;
  }

  /** One output in a state. */
  value(output: string, state: Float64Array, p: Float64Array): number {
    const n = this.model.species.length;
    const place = this.place.get(output);
    if (place === undefined) throw new SolverError(`This model has no "${output}".`);
    if (place < n) return state[place];
    this.model.observe(this.horizon, state, p, this.observations);
    return this.observations[place - n];
  }
}
