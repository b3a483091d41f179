/** Numbers in words: for the sentence, the labels and the table. */
import type { OutputSpec } from "../spec/generated";

/** A narrow no-break space keeps "80 %" in one piece. */
export const THIN = "\u202f";

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
  return `${near || (percent < 9.95 && percent > 0) ? round1(percent) : grouped(Math.round(percent))}${THIN}%`;
}

/** 30000 -> "30,000"; decimals stay as they are. */
export function grouped(value: number): string {
  return String(value).replace(/^-?\d{4,}/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
}

/** "1 pulse", "2 pulses", "1 tablet a day": a unit as it stands after the number that is shown. */
export function counted(shown: string, unit: string): string {
  const words = shown === "1" ? unit.replace(/^([a-z]+(?:ch|sh|ss|x))es\b|^([a-z]{2,}[^su])s\b/, "$1$2") : unit;
  return `${shown} ${words}`.trim();
}

/** After its article, by its sound: "a serotonin", "an acetylcholine", "a uridine". */
export function withArticle(name: string): string {
  // ATP and NMDA are spelt out, GABA is not.
  const spelt = /^[A-Z][B-DF-HJ-NP-TV-Z](?![AEIOU])/.test(name);
  const vowel = spelt ? /^[AEFHILMNORSX]/.test(name) : /^(?:[aeio]|u(?!ni|ri|s[aeiou]))/i.test(name);
  return `${vowel ? "an" : "a"} ${name}`;
}

export function round1(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** 1.44 -> "1.44 times", 2.72 -> "2.7 times", 12.3 -> "12 times"; three decimals where two would hide a change. */
export function times(fold: number): string {
  const decimals = Math.abs(fold - 1) < 0.03 ? 3 : fold < 1.995 ? 2 : fold < 9.95 ? 1 : 0;
  return `${grouped(Number(fold.toFixed(decimals)))} times`;
}

/** Under this share of the baseline a level is as good as gone. */
export const NOTHING = 0.01;

/**
 * How one sentence writes levels of the main output: in one unit throughout, that of its first number. Times from the
 * baseline upwards, percent below it.
 */
export function unitFor(fold: number): (fold: number) => string {
  const inTimes = fold >= 1;
  return (value) => (value < NOTHING ? "almost nothing" : inTimes ? times(value) : percentOf(value));
}

/** "1.44 times baseline", "62 % of baseline", "almost nothing". */
export function place(fold: number): string {
  if (fold < NOTHING) return "almost nothing";
  return fold >= 1 ? `${times(fold)} baseline` : `${percentOf(fold)} of baseline`;
}

/** Steps leave noise such as 0.30000000000000004 behind. */
export function clean(value: number): number {
  return Number(value.toFixed(9));
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function list(parts: string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/** A number with a minus sign rather than a hyphen; nothing is nothing, whatever its sign. */
export function signed(text: string): string {
  return /^-0(?:\.0+)?$/.test(text) ? text.slice(1) : text.replace(/^-/, "−");
}

export function timeWords(value: number, unit: string): string {
  // What happens early in a run of days happens after hours.
  if (unit === "day" && value < 0.95) return timeWords(24 * value, "hour");
  const count = value < 9.95 ? Number(value.toFixed(1)) : Math.round(value);
  if (unit === "hour" && value < 0.95) {
    const minutes = Math.max(1, Math.round(value * 60));
    return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  }
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** "after 5 minutes", "within seconds": when something that takes `value` has happened. */
export function afterTime(value: number, unit: string): string {
  return unit === "hour" && value < 0.75 / 60 ? "within seconds" : `after ${timeWords(value, unit)}`;
}

/** A value as shown, with its unit. */
export function inOwnUnit({ unit }: OutputSpec, value: number): string {
  if (unit === "percent") return percentOf(value / 100);
  return counted(signed(round(value, 3)), unit);
}

/** An output's unit beside its title: "%", "pA", or nothing for a pure number. */
export function unitShown({ unit }: OutputSpec): string {
  return unit === "percent" ? "%" : unit;
}

/** ", pA", or nothing for a pure number. */
export function comma(unit: string): string {
  return unit && `, ${unit}`;
}
