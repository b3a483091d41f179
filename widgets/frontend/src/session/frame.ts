/** One picture's worth of a lab: what was set, what came of it, and the words for it. Nothing in it changes. */
import type { Settings } from "../model/drives";
import type { Run } from "../model/experiment";
import { SolverError } from "../model/solver";
import type { LabSpec, OutputSpec } from "../spec/generated";
import { inOwnUnit, percentOf } from "../words/numbers";

/** What the reader has done, apart from where the controls stand. */
export interface Circumstances {
  /** The control moved last; null at the start, after a preset and after a reset. */
  readonly moved: string | null;
  /** The prediction is still owed. */
  readonly locked: boolean;
  /** The answer chosen, -1 before; and whether it stands beside the result. */
  readonly guess: number;
  readonly revealed: boolean;
}

/** One output of one run, as it is shown. */
export interface Curve {
  readonly times: Float64Array;
  /** In % of its level at rest, or in the output's unit. */
  readonly values: Float64Array;
  readonly relative: boolean;
  /** What it was before anything changed. */
  readonly before: number;
  readonly words: OutputSpec;
  /** The value at the end in words: "270 %". */
  readonly end: string;
}

/** How far the main output of the first run may be off, as it is shown, at the times of its curve. */
export interface Shade {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Values as shown over the model's own. */
export function factorOf({ unit }: OutputSpec): number {
  return unit === "percent" ? 100 : 1;
}

export class Frame implements Circumstances {
  readonly moved: string | null;
  readonly locked: boolean;
  readonly guess: number;
  readonly revealed: boolean;
  private readonly curves = new Map<string, Curve>();
  private said: string | null = null;

  constructor(
    readonly spec: LabSpec,
    readonly settings: Settings,
    readonly runs: readonly Run[],
    circumstances: Circumstances,
    /** The frame that the lab opened with; the frame itself where it is that one. */
    private readonly before: () => Frame,
    private readonly speak: (frame: Frame) => string,
    private readonly shaded: (frame: Frame) => Shade | null,
  ) {
    this.moved = circumstances.moved;
    this.locked = circumstances.locked;
    this.guess = circumstances.guess;
    this.revealed = circumstances.revealed;
  }

  get opened(): Frame {
    return this.before();
  }

  /** What is shaded round the main output of the first run; null where nothing is, or it is not known yet. */
  get shade(): Shade | null {
    return this.shaded(this);
  }

  /** The sentence that says what is to be seen. */
  get sentence(): string {
    return (this.said ??= this.speak(this));
  }

  words(run: number, output: string): OutputSpec {
    return this.spec.outputs[this.spec.runs[run].model][output];
  }

  /** Throws SolverError where it cannot be calculated. */
  curve(run: number, output: string): Curve {
    const key = `${run} ${output}`;
    let found = this.curves.get(key);
    if (!found) this.curves.set(key, (found = this.shown(run, output)));
    return found;
  }

  private shown(place: number, output: string): Curve {
    const run = this.runs[place];
    const words = this.words(place, output);
    const factor = words.relative ? 100 / run.baseline[output] : factorOf(words);
    const raw = run.series(output);
    const values = new Float64Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      values[i] = raw[i] * factor;
      if (!Number.isFinite(values[i])) {
        throw new SolverError(`"${output}" cannot be calculated with these settings. Move a slider back, or press Reset.`);
      }
    }
    const before = words.relative && !this.spec.runs[place].settled ? 100 : values[0];
    return { times: run.times, values, relative: words.relative, before, words, end: endWords(words, values) };
  }
}

function endWords(words: OutputSpec, values: Float64Array): string {
  const last = values[values.length - 1];
  if (words.relative) return percentOf(last / 100);
  // What is left of a current long after its pulse is nothing.
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return inOwnUnit(words, Math.abs(last) < 0.005 * most ? 0 : last);
}
