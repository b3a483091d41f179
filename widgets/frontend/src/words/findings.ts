/** From one run to what the sentence may speak of. */
import type { Experiment, Outcome } from "../model/experiment";
import type { OutputSpec } from "../view/types";
import type { Findings } from "./words";

/** `amount`: the main output's end value in its own unit. The outcome is the experiment's latest. */
export function findings(
  experiment: Experiment,
  outcome: Outcome,
  main: string,
  small: readonly string[],
  words: Record<string, OutputSpec>,
  amount: string,
  /** Outputs drawn in their own unit. */
  absolute: readonly string[] = [],
): Findings {
  const rest = experiment.baseline;
  const relative = (output: string) => rest[output] > 1e-12 && !absolute.includes(output);
  const scratch = new Float64Array(experiment.times.length);
  const last = scratch.length - 1;
  const fold = relative(main) ? 1 / rest[main] : 1;
  const values = experiment.series(main, scratch);
  let top = 0;
  if (relative(main)) {
    for (let i = 0; i < values.length; i++) if (values[i] > values[top]) top = i;
  } else {
    top = furthest(values);
  }
  const peak = values[top] * fold;
  const end = values[last] * fold;
  const at = (output: string, i: number) =>
    experiment.has(output) ? experiment.series(output, scratch)[i] / rest[output] : undefined;
  const rates: Findings["rates"] = {};
  for (const name of experiment.model.reactions) rates[name] = { now: outcome.end[name], rest: rest[name] };
  return {
    noun: words[main].noun,
    end: relative(main) ? end : null,
    settled: outcome.settled[main] * fold,
    settles: outcome.settles,
    peak,
    peakTime: experiment.times[top],
    lowest: experiment.eventful ? values.reduce((low, value) => Math.min(low, value), Infinity) * fold : undefined,
    amount,
    brake: at("release_brake", last),
    brakeAtPeak: at("release_brake", top),
    synthesisBrake: at("synthesis_brake", last),
    stores: at("vesicular", last),
    storesAtPeak: at("vesicular", top),
    rates,
    others: small.filter(relative).map((output) => ({ output: words[output], fold: outcome.end[output] / rest[output] })),
  };
}

/** Where a run is furthest from its first value. */
export function furthest(values: Float64Array): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - values[0]) > Math.abs(values[top] - values[0])) top = i;
  return top;
}
