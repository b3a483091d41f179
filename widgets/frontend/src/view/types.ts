/** The traits of LabView as the page sees them (see widgets/labs.py, which fills and checks them). */
import type { ClaimSpec } from "../model/claims";
import type { PopulationSpec } from "../model/population";

export interface ModelSpec {
  name: string;
  /** "serotonin"; starts a sentence when capitalised. */
  transmitter: string;
  /** "5-HT" */
  symbol: string;
  /** A name in the palette. */
  hue: string;
  /** "SERT" */
  transporter: string;
  /** "MAO" */
  enzyme: string;
  /** "tryptophan" */
  precursor: string;
  /** "5-HIAA" */
  metabolite: string;
  /** Assignments that hold one value whatever happens. */
  constant?: string[];
  /** Whether autoreceptor_occupancy is the size of the autoreceptors' effect, not the part of them occupied. */
  autoreceptor_signal?: boolean;
  javascript: string;
}

/** Words that stand at one exact value: [value, words]. */
export type WordsAt = [number, string][];

export interface ControlSpec {
  name: string;
  label: string;
  minimum: number;
  maximum: number;
  step: number;
  /** The value at rest: the model's own default. */
  rest: number;
  /** "percent" (the value is a fraction), "times" (the value is a multiple) or the unit in words. */
  unit: string;
  /** Value shown over the parameter's value, where `unit` is another than the model's: 3600 shows hours as seconds. */
  scale?: number;
  /** Words under the two ends of the track. */
  low: string;
  high: string;
  /** Words under the track at other values. */
  landmarks: WordsAt;
  /** Words that replace the number beside the label. */
  shown: WordsAt;
  /** "{value} of the pumps blocked": what the setting is, in the middle of a sentence. */
  phrase: string;
  /** Phrases for exact values: "none of the pumps blocked". */
  said: WordsAt;
  /** Stands at the start of the change when this control alone was moved: "block begins". */
  marker: string;
}

export interface OutputSpec {
  /** Chart title: "Serotonin between the neurons". */
  title: string;
  /** Under a small chart: "stored in vesicles". */
  short: string;
  /** In a sentence: "serotonin between the neurons". */
  noun: string;
  /** "µM", "" for a pure number, "percent" for a fraction that is shown as one. */
  unit: string;
}

/** One curve of a lab that shows a model several times: the constants that this one holds. */
export interface CaseSpec {
  name: string;
  settings: Record<string, number>;
}

/** A published value in the chart over a control's range. */
export interface PointSpec {
  x: number;
  y: number;
  low?: number;
  high?: number;
  words: string;
}

export interface PredictionSpec {
  question: string;
  choices: { text: string; value: number }[];
  scenario: Record<string, number>;
  output: string;
  /** The choices' values are in the output's unit as shown, not multiples of the baseline. */
  absolute?: boolean;
}

/** How much of one target a daily dose occupies: maximum * dose / (dose + half). */
export interface TargetSpec {
  maximum: number;
  half: number;
  /** "measured" or "from affinity" */
  basis: string;
  /** The occupancy is only known to be at most this. */
  bound: boolean;
}

export interface MedicineSpec {
  name: string;
  /** The usual range, mg a day. */
  low: number;
  high: number;
  step: number;
  /** Hours; null: not known. */
  half_life: number | null;
  /** Mean concentration in blood, ng/ml, for each mg a day; null: not known. */
  concentration: number | null;
  facts: [string, string][];
  /** Targets that its name in the nomenclature names. */
  aims: string[];
  targets: Record<string, TargetSpec>;
}

export interface FingerprintRow {
  target: string;
  label: string;
  note: string;
  hue: string;
}

/** The part of anywidget's model the lab uses; it works the same with and without a kernel. */
export interface WidgetModel {
  get(key: string): any;
  set(key: string, value: unknown): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  save_changes(): void;
}

/** Everything that does not change while the lab is on the page. */
export interface LabSpec {
  title: string;
  name: string;
  models: ModelSpec[];
  controls: ControlSpec[];
  outputs: Record<string, OutputSpec>[];
  /** Length of a run, in the model's unit of time. */
  span: number;
  /** The unit in which time is shown, and time shown over the model's. */
  timeUnit: string;
  timeFactor: number;
  main: string;
  /** Above the large chart, without the unit. */
  mainTitle: string;
  small: string[];
  absolute: string[];
  traces: string[];
  raster: string | null;
  bars: [string, string][];
  barsTitle: string;
  cases: CaseSpec[];
  scan: string | null;
  scanOutput: string;
  scanAtOnce: boolean;
  scanPoints: PointSpec[];
  start: Record<string, number>;
  presets: Record<string, Record<string, number>>;
  prediction: PredictionSpec | null;
  claims: ClaimSpec[];
  population: PopulationSpec | null;
  scene: boolean;
  /** A lab of medicines has these; elsewhere they are empty. */
  medicines: MedicineSpec[];
  rows: FingerprintRow[];
  /** For each model: its parameter -> the target whose occupancy sets it; "-target": what is left of it. */
  effects: Record<string, string>[];
  /** The text of the model of a medicine by mouth. */
  kinetics: string;
  days: number;
  comparing: boolean;
}

export function readSpec(model: WidgetModel): LabSpec {
  return {
    title: model.get("title"),
    name: model.get("lab_name"),
    models: model.get("models"),
    controls: model.get("controls"),
    outputs: model.get("outputs"),
    span: model.get("span"),
    timeUnit: model.get("time_unit"),
    timeFactor: model.get("time_factor") ?? 1,
    main: model.get("main"),
    mainTitle: model.get("main_title"),
    small: model.get("small"),
    absolute: model.get("absolute") ?? [],
    traces: model.get("traces") ?? [],
    raster: model.get("raster") ?? null,
    bars: model.get("bars") ?? [],
    barsTitle: model.get("bars_title") ?? "",
    cases: model.get("cases") ?? [],
    scan: model.get("scan"),
    scanOutput: model.get("scan_output") ?? model.get("main"),
    scanAtOnce: Boolean(model.get("scan_at_once")),
    scanPoints: model.get("scan_points") ?? [],
    start: model.get("start"),
    presets: model.get("presets"),
    prediction: model.get("prediction"),
    // Pages saved before there were any have neither.
    claims: model.get("claims") ?? [],
    population: model.get("population") ?? null,
    scene: model.get("scene"),
    medicines: model.get("medicines") ?? [],
    rows: model.get("rows") ?? [],
    effects: model.get("effects") ?? [],
    kinetics: model.get("kinetics") ?? "",
    days: model.get("days") ?? 0,
    comparing: Boolean(model.get("comparing")),
  };
}
