/** Settings in words: beside the label, in the middle of a sentence, and as a screen reader says them. */
import { numberOf, type Settings } from "../model/drives";
import type { Schedule } from "../model/experiment";
import type { Control, NumberControl, ScheduleControl } from "../spec/read";
import { clean, counted, grouped, round1, signed, THIN } from "./numbers";

type WordsAt = NumberControl["shown"];
export type Setting = number | Schedule;

/** A number's control as it is for the option chosen, where its range follows a choice. */
export function asChosen(control: NumberControl, settings: Settings): NumberControl {
  const { follows } = control;
  if (!follows) return control;
  const range = follows.ranges[Math.min(follows.ranges.length - 1, Math.max(0, numberOf(settings, follows.control) || 0))];
  const { label, maximum, step, high, landmarks, phrase, said } = range;
  return { ...control, label, maximum, step, high, landmarks, phrase, said };
}

function wordsAt(words: WordsAt, value: number, step: number): string | undefined {
  return words.find(([at]) => Math.abs(at - value) < 1e-6 + step * 1e-3)?.[1];
}

/** The value beside the label: "80 %", "normal", "1.5 ×". */
export function shownValue(control: NumberControl, value: number): string {
  const word = wordsAt(control.shown, value, control.step);
  if (word !== undefined) return word;
  if (control.unit === "percent") return `${round1(100 * clean(value))}${THIN}%`;
  if (control.unit === "times") return `${clean(value).toFixed(decimals(control.step, 1))}${THIN}×`;
  return inUnit(control, value);
}

/** The same of a control of any kind. */
export function shownSetting(control: Control, value: Setting): string {
  if (control.kind === "number") return shownValue(control, Number(value));
  if (control.kind === "choice") return control.options[Number(value)] ?? "";
  if (control.kind === "switch") return Number(value) ? "on" : "off";
  return scheduleWords(control, value as Schedule);
}

function inUnit({ step, unit, scale }: NumberControl, value: number): string {
  return counted(signed(grouped(Number(plainNumber(value * scale, step * scale)))), unitInWords(unit));
}

/** "1/h" after a number reads as another number: "3 per hour", "0.4 per µM". */
function unitInWords(unit: string): string {
  const under = /^1\/\(?([^()]+)\)?$/.exec(unit)?.[1];
  return under === undefined ? unit : `per ${{ h: "hour", ms: "millisecond" }[under] ?? under}`;
}

/** The setting in the middle of a sentence: "80 % of the pumps blocked". */
export function phrase(control: NumberControl, value: number): string {
  const word = wordsAt(control.said, value, control.step);
  return word ?? control.phrase.replace("{value}", valueWords(control, value, `${THIN}%`));
}

/** The same of a control of any kind. */
export function phraseOf(control: Control, value: Setting): string {
  if (control.kind === "number") return phrase(control, Number(value));
  if (control.kind === "choice") return control.phrases[Number(value)] ?? `${control.label}: ${control.options[Number(value)]}`;
  if (control.kind === "switch") return Number(value) ? control.on : control.off;
  return control.phrase.replace("{value}", scheduleWords(control, value as Schedule));
}

/** "28 times 20 mg", "none", "5 times, 10 to 50 mg". */
function scheduleWords({ unit }: ScheduleControl, schedule: Schedule): string {
  const amounts = schedule.map(([, amount]) => amount).filter((amount) => amount > 0);
  if (!amounts.length) return "none";
  const [low, high] = [Math.min(...amounts), Math.max(...amounts)];
  const often = amounts.length === 1 ? "once" : `${grouped(amounts.length)} times`;
  return `${often}${low === high ? " " : `, ${grouped(clean(low))} to `}${grouped(clean(high))} ${unit}`.trim();
}

/** The setting as a screen reader says it: "80 percent of the pumps blocked". */
export function spokenValue(control: NumberControl, value: number): string {
  const word = wordsAt(control.said, value, control.step);
  const said = word ?? control.phrase.replace("{value}", valueWords(control, value, " percent"));
  const landmark = wordsAt(control.landmarks, value, control.step);
  return landmark && !said.includes(landmark) ? `${said}, ${landmark}` : said;
}

function valueWords(control: NumberControl, value: number, percent: string): string {
  if (control.unit === "percent") return `${round1(100 * clean(value))}${percent}`;
  if (control.unit === "times") return `${plainNumber(value, control.step)} times`;
  return inUnit(control, value);
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

/** Whether a control stands where it does when nothing is changed. */
export function atRest(control: Control, value: Setting): boolean {
  return same(control, control.kind === "switch" ? Number(control.rest) : control.rest, value);
}

/** Whether two settings of a control are one and the same to the reader. */
export function same(control: Control, one: Setting, other: Setting): boolean {
  if (typeof one !== "number" || typeof other !== "number") return JSON.stringify(one) === JSON.stringify(other);
  const slack = control.kind === "number" ? 1e-6 + control.step * 1e-3 : 0;
  return Math.abs(one - other) <= slack;
}
