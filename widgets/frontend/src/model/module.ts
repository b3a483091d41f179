/** Turns the text of a generated model into a module whose functions the page can call, once per text. */
import { SolverError, type Equations, type ModelEvents, type ScheduleSpec } from "./equations";

export interface Parameter {
  name: string;
  value: number;
  unit: string;
  meaning: string;
  min: number | null;
  max: number | null;
}

/** The shape `Model.to_javascript()` writes. */
interface GeneratedModule {
  name: string;
  timeUnit: string;
  species: string[];
  assignments: string[];
  reactions: string[];
  parameters: Parameter[];
  baseline: number[];
  amounts: boolean[];
  events?: string[];
  atStart?: boolean[];
  places?: number[][];
  waitsForLevel?: boolean[];
  times?: ModelEvents["times"];
  gaps?: ModelEvents["gaps"];
  values?: ModelEvents["values"];
  schedules?: ScheduleSpec[];
  rhs: Equations["rhs"];
  jacobian: Equations["jacobian"];
  observe(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void;
}

export interface LoadedModel extends Equations {
  readonly name: string;
  readonly assignments: readonly string[];
  readonly reactions: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly baseline: Float64Array;
  /** What a run may be given as times with amounts; mostly none. */
  readonly schedules: readonly ScheduleSpec[];
  /** Writes [assignments..., reaction rates...]. */
  observe(t: number, y: Float64Array, p: Float64Array, out: Float64Array): void;
}

const loaded = new Map<string, Promise<LoadedModel>>();

/** Import a model's text; the same text is imported once per page, however many labs use it. */
export function loadModel(text: string): Promise<LoadedModel> {
  let promise = loaded.get(text);
  if (!promise) {
    promise = importText(text).then(checked);
    // A text that failed is tried again by the next lab rather than failing for good.
    promise.catch(() => loaded.delete(text));
    loaded.set(text, promise);
  }
  return promise;
}

/** What the files of a published page's models lay by (widgets/book/programs.py): name and hash -> what a module offers. */
type Programs = Record<string, unknown>;

async function importText(text: string): Promise<unknown> {
  const [, program] = /^program:([\w-]+)$/.exec(text) ?? [];
  if (program !== undefined) return programOf(program);
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(/* webpackIgnore: true */ address);
  } catch {
    // Some hosts forbid blob scripts.
    return await import(/* webpackIgnore: true */ `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function programOf(name: string): unknown {
  const programs = (globalThis as { livingSynapsePrograms?: Programs }).livingSynapsePrograms ?? {};
  if (Object.hasOwn(programs, name)) return programs[name];
  throw new SolverError(`The program of this lab's model did not load: _static/programs/${name}.js, which came with the book, is missing or was refused.`);
}

function checked(raw: unknown): LoadedModel {
  const module = raw as Partial<GeneratedModule>;
  const needed = ["name", "timeUnit", "species", "assignments", "reactions", "parameters", "baseline", "amounts", "rhs", "jacobian", "observe"] as const;
  const missing = needed.filter((key) => module[key] === undefined);
  if (missing.length) throw new SolverError(`This model's text lacks ${missing.join(", ")}; make it again with Model.to_javascript().`);
  const model = module as GeneratedModule;
  const baseline = Float64Array.from(model.baseline);
  return {
    name: model.name,
    timeUnit: model.timeUnit,
    species: model.species,
    assignments: model.assignments,
    reactions: model.reactions,
    parameters: model.parameters,
    parameterNames: model.parameters.map((parameter) => parameter.name),
    baseline,
    scale: baseline,
    nonNegative: model.amounts,
    rhs: model.rhs,
    jacobian: model.jacobian,
    observe: model.observe,
    events: eventsOf(model),
    schedules: model.schedules ?? [],
  };
}

function eventsOf(model: GeneratedModule): ModelEvents | null {
  const { events: names, atStart, places, waitsForLevel, times, gaps, values } = model;
  return names && atStart && places && waitsForLevel && times && gaps && values
    ? { names, atStart, places, waitsForLevel, times, gaps, values }
    : null;
}
