/**
 * A lab without its picture: settings in, an immutable frame out, each run made once. It knows nothing of the page.
 */
import { driveOf, type Drive, type Settings } from "../model/drives";
import { Experiment, type Parameters, type Run } from "../model/experiment";
import { loadModel, type LoadedModel } from "../model/module";
import { SolverError } from "../model/solver";
import { tableTimes } from "../model/times";
import type { LabSpec } from "../spec/generated";
import { speakerOf } from "./speakers";
import { Frame, type Circumstances, type Shade } from "./frame";

const AT_FIRST: Circumstances = { moved: null, locked: false, guess: -1, revealed: false };

export class Session {
  readonly drive: Drive;
  /** One for each run of the spec. */
  readonly experiments: readonly Experiment[];
  /** The settings at which nothing is changed. */
  readonly rest: Settings;

  private runs: Run[] = [];
  private shaded: { key: string; shade: Shade } | null = null;
  private first: Frame | null = null;
  private readonly speak: (frame: Frame) => string;

  constructor(
    readonly spec: LabSpec,
    models: readonly LoadedModel[],
  ) {
    this.drive = driveOf(spec);
    const { span, factor, unit } = spec.clock;
    const rows = tableTimes(span * factor, unit).map((time) => time / factor);
    this.experiments = spec.runs.map((run) => {
      const own = run.span === null;
      return new Experiment(models[run.model], own ? span : run.span!, run.held, own ? rows : [], run.settled);
    });
    this.rest = Object.fromEntries(spec.controls.map(({ name, rest }) => [name, typeof rest === "boolean" ? Number(rest) : rest]));
    this.speak = speakerOf(spec, this.drive);
    for (const { run, outputs } of spec.numbers) {
      for (const output of outputs) {
        const { model } = this.experiments[run];
        if (!this.experiments[run].has(output)) throw new SolverError(`The model "${model.name}" has no "${output}" to draw.`);
      }
    }
  }

  /** The session of a spec once its models are there. */
  static async open(spec: LabSpec): Promise<Session> {
    return new Session(spec, await Promise.all(spec.models.map(({ javascript }) => loadModel(javascript))));
  }

  /** What comes of the settings. A run whose constants are those of the last frame is not made again. */
  frame(settings: Settings, circumstances: Circumstances): Frame {
    const runs = this.spec.runs.map((run, k) => {
      const parameters = this.experiments[k].parameters(this.drive.changes(run, settings));
      const last = this.runs[k];
      return last?.parameters.key === parameters.key ? last : this.experiments[k].run(parameters);
    });
    this.runs = runs;
    const frame = this.made(settings, runs, circumstances);
    // What cannot be calculated is refused before anything of it is drawn.
    for (const { run, outputs } of this.spec.numbers) for (const output of outputs) frame.curve(run, output);
    return frame;
  }

  /** The frame that the lab opened with: the ghost of what is drawn in its own unit. */
  get opened(): Frame {
    const { spec } = this;
    this.first ??= this.made(spec.start, spec.runs.map((_, k) => this.experiments[k].run(this.parameters(k, spec.start))), AT_FIRST);
    return this.first;
  }

  /** From now on frames of the run with this key have this shade, and no others have one. */
  shade(key: string, shade: Shade | null): void {
    this.shaded = shade && { key, shade };
  }

  parameters(run: number, settings: Settings): Parameters {
    return this.experiments[run].parameters(this.drive.changes(this.spec.runs[run], settings));
  }

  /** The settings that the prediction asks about: what its scenario leaves out is at rest. */
  get asked(): Settings {
    return { ...this.rest, ...this.spec.prediction?.scenario };
  }

  private made(settings: Settings, runs: readonly Run[], circumstances: Circumstances): Frame {
    const shadeOf = ({ runs: [{ parameters }] }: Frame) => (this.shaded?.key === parameters.key ? this.shaded.shade : null);
    return new Frame(this.spec, settings, runs, circumstances, () => this.opened, this.speak, shadeOf);
  }
}
