/** The traits of LabView as the page sees them (see widgets/labs.py, which fills and checks them). */
import type { ClaimSpec } from "./claims";
import type { PopulationSpec } from "./population";

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
  /** "µM", "" for a pure number. */
  unit: string;
}

export interface PredictionSpec {
  question: string;
  choices: { text: string; value: number }[];
  scenario: Record<string, number>;
  output: string;
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
  span: number;
  timeUnit: string;
  main: string;
  /** Above the large chart, without the unit. */
  mainTitle: string;
  small: string[];
  scan: string | null;
  start: Record<string, number>;
  presets: Record<string, Record<string, number>>;
  prediction: PredictionSpec | null;
  claims: ClaimSpec[];
  population: PopulationSpec | null;
  scene: boolean;
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
    main: model.get("main"),
    mainTitle: model.get("main_title"),
    small: model.get("small"),
    scan: model.get("scan"),
    start: model.get("start"),
    presets: model.get("presets"),
    prediction: model.get("prediction"),
    // Pages saved before there were any have neither.
    claims: model.get("claims") ?? [],
    population: model.get("population") ?? null,
    scene: model.get("scene"),
  };
}
