/** Numbers and settings in words: for the sentence, the slider's spoken value, the labels and the table. */
import type { ControlSpec, OutputSpec, WordsAt } from "./types";

/** A narrow no-break space keeps "80 %" in one piece. */
const THIN = "\u202f";

/** At most `digits` significant digits, without exponent or trailing zeros. */
export function round(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "not known";
  if (value === 0) return "0";
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toFixed(Math.min(decimals, 12));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** 2.7 -> "270 %", 1.0049 -> "100.5 %": a decimal where whole numbers would hide that anything moved. */
export function percentOf(fold: number): string {
  const percent = 100 * fold;
  const near = Math.abs(percent - 100) < 3 && Math.abs(percent - 100) >= 0.05;
  return `${near || (percent < 9.95 && percent > 0) ? round1(percent) : Math.round(percent)}${THIN}%`;
}

function round1(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** 2.7 -> "2.7 times", 1 -> "the same as", with one decimal below ten. */
export function times(fold: number): string {
  return `${fold < 1.2 ? round(fold, 3) : round(fold, fold < 9.95 ? 2 : 3)} times`;
}

/** Steps leave noise such as 0.30000000000000004 behind. */
export function clean(value: number): number {
  return Number(value.toFixed(9));
}

function wordsAt(words: WordsAt, value: number, step: number): string | undefined {
  return words.find(([at]) => Math.abs(at - value) < 1e-6 + step * 1e-3)?.[1];
}

/** The value beside the label: "80 %", "normal", "1.5 ×". */
export function shownValue(control: ControlSpec, value: number): string {
  const word = wordsAt(control.shown, value, control.step);
  if (word !== undefined) return word;
  if (control.unit === "percent") return `${round1(100 * clean(value))}${THIN}%`;
  if (control.unit === "times") return `${clean(value).toFixed(decimals(control.step, 1))}${THIN}×`;
  return `${plainNumber(value, control.step)} ${control.unit}`.trim();
}

/** The setting in the middle of a sentence: "80 % of the pumps blocked". */
export function phrase(control: ControlSpec, value: number): string {
  const word = wordsAt(control.said, value, control.step);
  return word ?? control.phrase.replace("{value}", valueWords(control, value, `${THIN}%`));
}

/** The setting as a screen reader says it: "80 percent of the pumps blocked". */
export function spokenValue(control: ControlSpec, value: number): string {
  const word = wordsAt(control.said, value, control.step);
  const said = word ?? control.phrase.replace("{value}", valueWords(control, value, " percent"));
  const landmark = wordsAt(control.landmarks, value, control.step);
  return landmark && !said.includes(landmark) ? `${said}, ${landmark}` : said;
}

function valueWords(control: ControlSpec, value: number, percent: string): string {
  if (control.unit === "percent") return `${round1(100 * clean(value))}${percent}`;
  if (control.unit === "times") return `${plainNumber(value, control.step)} times`;
  return `${plainNumber(value, control.step)} ${control.unit}`.trim();
}

function plainNumber(value: number, step: number): string {
  return String(Number(clean(value).toFixed(decimals(step, 0))));
}

/** Decimals that show one step. */
function decimals(step: number, least: number): number {
  const text = String(clean(step));
  const place = text.indexOf(".");
  return Math.max(least, place < 0 ? 0 : text.length - place - 1);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the lab computed about one model, everything the sentence may speak of. */
export interface Findings {
  /** "serotonin between the neurons" */
  noun: string;
  /** Multiples of the value at rest (null: nothing at rest to compare with; then `amount` speaks). */
  end: number | null;
  settled: number;
  settles: boolean;
  /** Largest and smallest multiple on the way, and when. */
  peak: number;
  peakTime: number;
  trough: number;
  /** The end value in its own unit, for outputs that are nothing at rest. */
  amount: string;
  /** Release relative to rest as the autoreceptor sets it, at the peak and at the end (undefined: no such brake). */
  brakeAtPeak?: number;
  brake?: number;
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
  moved: ControlSpec | null;
  controls: ControlSpec[];
  values: Record<string, number>;
  span: number;
  timeUnit: string;
  findings: Findings[];
}

/** Below this a level counts as not changed (0.5 %). */
const SAME = 0.005;

/** The sentence under the picture: the setting, what it does, and why, all from the numbers just computed. */
export function sentence(now: Situation): string {
  const changed = now.controls.filter((control) => !atRest(control, now.values[control.name]));
  const moved = now.moved ?? (changed.length === 1 ? changed[0] : null);
  if (!moved && changed.length === 0) {
    const [first] = now.findings;
    return `Everything is at rest: ${now.findings.map((f) => f.noun).join(" and ")} ${
      now.findings.length > 1 ? "stay" : "stays"
    } at ${first.end === null ? first.amount : "baseline"}. Move a slider to change something.`;
  }
  const others = changed.filter((control) => control.name !== moved?.name);
  const settings = [...(moved ? [moved] : []), ...others].map((control) => phrase(control, now.values[control.name]));
  const start = `With ${list(settings.length > 3 ? [...settings.slice(0, 2), `${settings.length - 2} other settings changed`] : settings)}, `;
  if (now.findings.length > 1) {
    const levels = now.findings.map((f) => level(f, now));
    return `${start}${levels.join(levels.length === 2 ? ", while " : "; ")}.`;
  }
  const [f] = now.findings;
  return `${start}${level(f, now)}. ${because(f, moved, changed, now)}`.trim();
}

export function atRest(control: ControlSpec, value: number): boolean {
  return Math.abs(value - control.rest) < 1e-6 + control.step * 1e-3;
}

function list(parts: string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

export function timeWords(value: number, unit: string): string {
  const count = value < 9.95 ? Number(value.toFixed(1)) : Math.round(value);
  if (unit === "hour" && value < 0.95) {
    const minutes = Math.max(1, Math.round(value * 60));
    return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  }
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** "serotonin between the neurons settles at 2.7 times baseline" */
function level(f: Findings, now: Situation): string {
  if (f.end === null) return `${f.noun} is ${f.amount} after ${timeWords(now.span, now.timeUnit)}`;
  const end = f.end;
  const drift = f.settles ? f.settled / Math.max(end, 1e-12) - 1 : 0;
  if (Math.abs(end - 1) < SAME && Math.abs(drift) < 0.03) {
    const exact = Math.abs(end - 1) < 5e-5;
    return `${f.noun} ${exact ? "stays at baseline" : `hardly changes (${signedPercent(end - 1)})`}`;
  }
  const place = end >= 1.2 ? `${times(end)} baseline` : `${percentOf(end)} of baseline`;
  if (!f.settles || Math.abs(drift) < 0.03) return `${f.noun} settles at ${place}`;
  const on = f.settled >= 1.2 ? times(f.settled) : percentOf(f.settled);
  return `${f.noun} is at ${place} after ${timeWords(now.span, now.timeUnit)}, still ${drift > 0 ? "rising" : "falling"} towards ${on}`;
}

function signedPercent(share: number): string {
  const percent = 100 * share;
  const digits = Math.abs(percent) < 0.095 ? 2 : 1;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(digits)}${THIN}%`;
}

interface Reason {
  /** How much of the outcome it explains; the largest speaks. */
  weight: number;
  text: string;
}

/** One clause on why, from the quantity that moved most. */
function because(f: Findings, moved: ControlSpec | null, changed: ControlSpec[], now: Situation): string {
  if (f.end === null) return "";
  const reasons: Reason[] = [];
  const { brake, stores, end, peak } = f;
  const log = (value: number | undefined) => (value === undefined ? 0 : Math.log(Math.max(value, 1e-6)));

  // It went up and came part of the way down again: what grew between the peak and the end?
  if (peak > 1.04 && peak > end * 1.04 && f.peakTime < 0.95 * now.span) {
    const rose = `It rose ${end < 1 - SAME ? "at first" : "further at first"}, to ${peak >= 1.2 ? times(peak) : percentOf(peak)} after ${timeWords(f.peakTime, now.timeUnit)}; then `;
    const braked = log(f.brakeAtPeak) - log(brake);
    const drained = log(f.storesAtPeak) - log(stores);
    if (brake !== undefined && braked >= drained && braked > 0.005) {
      return `${rose}the autoreceptor slowed release to ${percentOf(brake)} of normal.`;
    }
    if (stores !== undefined && drained > 0.005) return `${rose}the vesicle stores ran down to ${percentOf(stores)}.`;
  }

  if (brake !== undefined && Math.abs(brake - 1) > 0.01) {
    reasons.push({
      weight: Math.abs(log(brake)),
      text:
        brake < 1
          ? `The autoreceptor feels it and slows release to ${percentOf(brake)} of normal.`
          : `The autoreceptor lets up: release is freed to ${percentOf(brake)} of normal.`,
    });
  }
  if (stores !== undefined && Math.abs(stores - 1) > 0.01) {
    reasons.push({
      weight: Math.abs(log(stores)),
      text: stores < 1 ? `The vesicle stores fall to ${percentOf(stores)}.` : `The vesicles fill to ${percentOf(stores)}.`,
    });
  }
  const gone = rate(f, ["breakdown_mao_a", "breakdown_mao_b"]);
  if (gone !== undefined && Math.abs(gone - 1) > 0.02) {
    reasons.push({
      weight: Math.abs(log(gone)) * (moved?.name.startsWith("mao") ? 1 : 0.5),
      text: `Breakdown by MAO ${gone < 1 ? "falls" : "rises"} to ${percentOf(gone)}.`,
    });
  }
  const made = rate(f, ["synthesis"]);
  if (made !== undefined && Math.abs(made - 1) > 0.02) {
    reasons.push({
      weight: Math.abs(log(made)) * (moved?.name === "precursor_supply" ? 2 : 0.7),
      text: `Synthesis ${made < 1 ? "falls" : "rises"} to ${percentOf(made)}.`,
    });
  }
  const released = rate(f, ["release"]);
  if (released !== undefined && Math.abs(released - 1) > 0.02) {
    reasons.push({
      weight: Math.abs(log(released)) * (moved?.name === "firing_rate" ? 1.5 : 0.3),
      text: `Release ${released < 1 ? "falls" : "rises"} to ${percentOf(released)}.`,
    });
  }
  const pumped = rate(f, ["reuptake"]);
  if (moved?.name === "reuptake_inhibition" && now.values[moved.name] > 0 && pumped !== undefined && end > 1.02) {
    reasons.push({
      weight: 0.1,
      text: `The pumps still free face a higher level and together carry ${percentOf(pumped)} of what they did at rest.`,
    });
  }
  // The control itself explains nothing that did not follow it.
  const best = reasons.sort((a, b) => b.weight - a.weight)[0];
  if (best) return best.text;

  if (moved && changed.length === 0) return "That is how it is at rest.";
  if (moved?.name === "autoreceptor_gain") return "The brake answers a change in the level; at rest it has nothing to correct.";
  const other = [...f.others].sort((a, b) => Math.abs(log(b.fold)) - Math.abs(log(a.fold)))[0];
  if (other && Math.abs(other.fold - 1) > 0.001) {
    return `What moves most is ${other.output.noun}: ${percentOf(other.fold)} of baseline.`;
  }
  return Math.abs(end - 1) < SAME ? "The change is too small to show." : "";
}

/** The sum of some rates, relative to rest; undefined if the model has none of them. */
function rate(f: Findings, names: string[]): number | undefined {
  let now = 0;
  let rest = 0;
  for (const name of names) {
    const found = f.rates[name];
    if (!found) continue;
    now += found.now;
    rest += found.rest;
  }
  return rest > 0 ? now / rest : undefined;
}

/** What the gate says once the guess is fixed. */
export function verdict(
  chosen: { text: string; value: number },
  choices: { text: string; value: number }[],
  fold: number,
  when: string,
): [string, string] {
  const distance = (value: number) => Math.abs(Math.log(Math.max(value, 1e-3) / Math.max(fold, 1e-3)));
  const closest = choices.reduce((best, choice) => (distance(choice.value) < distance(best.value) ? choice : best));
  const said = `You predicted “${chosen.text}”.`;
  const answer = Math.abs(fold - 1) < SAME ? "no change" : fold >= 1.2 ? `${times(fold)} baseline` : `${percentOf(fold)} of baseline`;
  const judged =
    closest.text === chosen.text ? "Yours was the closest." : `The closest was “${closest.text}”. What made the difference?`;
  return [said, `The model says ${answer}${when}. ${judged}`];
}
