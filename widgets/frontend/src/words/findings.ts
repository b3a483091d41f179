/** From one run to what the sentence may speak of. */
import type { Settings } from "../model/drives";
import type { Run } from "../model/experiment";
import type { OutputSpec } from "../spec/generated";
import type { Control } from "../spec/read";

/** What the lab computed about one model, everything the sentence may speak of. */
export interface Findings {
  /** "serotonin between the neurons" */
  noun: string;
  /** Where it began, if not at rest, in multiples of that. */
  begins?: number;
  /** Multiples of the value at rest (null: nothing at rest to compare with; then `amount` speaks). */
  end: number | null;
  settled: number;
  settles: boolean;
  /** Largest multiple on the way, and when. */
  peak: number;
  peakTime: number;
  /** Smallest multiple on the way, where things happen at moments: bursts, pauses, tablets. */
  lowest?: number;
  /** The end value in its own unit, for outputs that are drawn in it. */
  amount: string;
  /** For these: the value furthest from the first, if it is not the last, and the same of the run the lab opened with. */
  furthest?: { amount: string; before: string | null };
  /** Release relative to rest as the autoreceptor sets it, at the peak and at the end (undefined: no such brake). */
  brakeAtPeak?: number;
  brake?: number;
  /** Synthesis relative to rest as the autoreceptor sets it, at the end. */
  synthesisBrake?: number;
  /** The same for the vesicles' content, relative to rest. */
  storesAtPeak?: number;
  stores?: number;
  /** Rates once at the end of the run, relative to rest. */
  rates: Record<string, { now: number; rest: number }>;
  /** Outputs other than the main one, relative to rest at the end. */
  others: { output: OutputSpec; fold: number }[];
}

export interface Situation {
  /** The control just moved; null at the start and after a reset. */
  moved: Control | null;
  controls: Control[];
  values: Settings;
  span: number;
  timeUnit: string;
  /** The prediction is still owed: the sliders do not move. */
  locked?: boolean;
  findings: Findings[];
  /** Says why the level is as it is, for a lab of one run. */
  explain: Explain;
  /** The names of the cases, where one model is shown several times; `noun` is what is shown of it. */
  cases?: { noun: string; names: string[] };
  /** How often what is counted happened, and in the run the lab opened with. */
  counted?: { now: number; before: number };
}

/** Below this a level counts as not changed (0.5 %). */
export const SAME = 0.005;

/** One clause on why the level is not what the settings alone would make it; "" where there is nothing to explain. */
export type Explain = (f: Findings, moved: Control | null, changed: readonly Control[], now: Situation) => string;

/** A run that ends this near to where the model settles counts as settled. */
export const SETTLED = 0.01;

/** `amount`: the main output's end in words, in its own unit. */
export function findings(
  run: Run,
  main: string,
  /** Outputs other than the main one that the sentence may name. */
  others: readonly string[],
  words: Readonly<Record<string, OutputSpec>>,
  amount: string,
): Findings {
  const { baseline: rest, times } = run;
  const relative = (output: string) => words[output].relative;
  const last = times.length - 1;
  const fold = relative(main) ? 1 / rest[main] : 1;
  const values = run.series(main);
  let top = 0;
  if (relative(main)) {
    for (let i = 0; i < values.length; i++) if (values[i] > values[top]) top = i;
  } else {
    top = furthest(values);
  }
  const at = (output: string, i: number) => (run.has(output) ? run.series(output)[i] / rest[output] : undefined);
  const rates: Findings["rates"] = {};
  for (const name of run.model.reactions) rates[name] = { now: run.end[name], rest: rest[name] };
  return {
    noun: words[main].noun,
    begins: run.startsElsewhere && relative(main) ? values[0] * fold : undefined,
    end: relative(main) ? values[last] * fold : null,
    settled: run.settled[main] * fold,
    settles: run.settles,
    peak: values[top] * fold,
    peakTime: times[top],
    lowest: run.eventful ? values.reduce((low, value) => Math.min(low, value), Infinity) * fold : undefined,
    amount,
    brake: at("release_brake", last),
    brakeAtPeak: at("release_brake", top),
    synthesisBrake: at("synthesis_brake", last),
    stores: at("vesicular", last),
    storesAtPeak: at("vesicular", top),
    rates,
    others: others.filter(relative).map((output) => ({ output: words[output], fold: run.end[output] / rest[output] })),
  };
}

/** Where a run is furthest from its first value. */
export function furthest(values: Float64Array): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - values[0]) > Math.abs(values[top] - values[0])) top = i;
  return top;
}
