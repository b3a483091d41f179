/** Where a model settles, for any constants, and what its outputs are there: what claims and populations are made of. */
import type { LoadedModel } from "./module";
import { DEFAULT_TOLERANCES, Solver, SolverError } from "./solver";

/** Enough to stay on the way: where it leads is found exactly afterwards. */
const ON_THE_WAY = { ...DEFAULT_TOLERANCES, relative: 1e-3 };

export class Settling {
  private readonly solver: Solver;
  private readonly runner: Solver;
  /** Steps that may cross zero: they reach a level of nothing at once, where careful ones only come ever closer. */
  private readonly bold: Solver;
  private readonly index = new Map<string, number>();
  private readonly place = new Map<string, number>();
  private readonly observations: Float64Array;
  private readonly times: Float64Array;
  private readonly states: Float64Array;

  /** `horizon`: a typical time in which the model settles, in its unit of time. */
  constructor(
    readonly model: LoadedModel,
    private readonly horizon: number,
  ) {
    this.solver = new Solver(model);
    this.runner = new Solver(model, ON_THE_WAY);
    this.bold = new Solver({ ...model, nonNegative: model.species.map(() => false) });
    model.parameters.forEach((parameter, i) => this.index.set(parameter.name, i));
    [...model.species, ...model.assignments].forEach((name, i) => this.place.set(name, i));
    this.observations = new Float64Array(model.assignments.length + model.reactions.length);
    this.times = new Float64Array([0, horizon]);
    this.states = new Float64Array(2 * model.species.length);
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

  /**
   * Write the state where a run from `start` settles into `state`; false if there is none. The run is followed for a
   * while first: Newton's method alone may find a state that balances like a pencil on its tip, to which no run leads.
   */
  settle(p: Float64Array, start: Float64Array, state: Float64Array): boolean {
    return this.resettle(p, this.follow(p, start), state) || this.resettle(p, start, state);
  }

  /** The same from a settled state nearby, without the run: a few strides of Newton's method. */
  resettle(p: Float64Array, nearby: Float64Array, state: Float64Array): boolean {
    return (
      this.attempt(this.solver, p, nearby, state) || (this.attempt(this.bold, p, nearby, state) && this.isPossible(state))
    );
  }

  /** The end of a run from `start`, or `start` itself if there is no end to come to. */
  private follow(p: Float64Array, start: Float64Array): Float64Array {
    try {
      this.runner.run(p, start, this.times, this.states);
    } catch (error) {
      if (error instanceof SolverError) return start;
      throw error;
    }
    return this.states.slice(start.length);
  }

  private attempt(solver: Solver, p: Float64Array, guess: Float64Array, state: Float64Array): boolean {
    try {
      return solver.steadyState(p, guess, state, this.horizon);
    } catch (error) {
      if (error instanceof SolverError) return false;
      throw error;
    }
  }

  /** Whether no amount is below zero; what rounding leaves there becomes zero. */
  private isPossible(state: Float64Array): boolean {
    const { nonNegative, scale } = this.model;
    for (let i = 0; i < state.length; i++) {
      if (!nonNegative[i] || state[i] >= 0) continue;
      if (state[i] < -1e-6 * Math.abs(scale[i])) return false;
      state[i] = 0;
    }
    return true;
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
