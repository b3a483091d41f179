/** Numbers and settings in words: for the sentence, the slider's spoken value, the labels and the table. */
import type { ControlSpec, OutputSpec, WordsAt } from "../view/types";

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

function round1(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}

/** 1.44 -> "1.44 times", 2.72 -> "2.7 times", 12.3 -> "12 times"; three decimals where two would hide a change. */
export function times(fold: number): string {
  const decimals = Math.abs(fold - 1) < 0.03 ? 3 : fold < 1.995 ? 2 : fold < 9.95 ? 1 : 0;
  return `${grouped(Number(fold.toFixed(decimals)))} times`;
}

/** Under this share of the baseline a level is as good as gone. */
const NOTHING = 0.01;

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

function wordsAt(words: WordsAt, value: number, step: number): string | undefined {
  return words.find(([at]) => Math.abs(at - value) < 1e-6 + step * 1e-3)?.[1];
}

/** The value beside the label: "80 %", "normal", "1.5 ×". */
export function shownValue(control: ControlSpec, value: number): string {
  const word = wordsAt(control.shown, value, control.step);
  if (word !== undefined) return word;
  if (control.unit === "percent") return `${round1(100 * clean(value))}${THIN}%`;
  if (control.unit === "times") return `${clean(value).toFixed(decimals(control.step, 1))}${THIN}×`;
  return inUnit(control, value);
}

function inUnit({ step, unit, scale = 1 }: ControlSpec, value: number): string {
  return `${signed(grouped(Number(plainNumber(value * scale, step * scale))))} ${unitInWords(unit)}`.trim();
}

/** "1/h" after a number reads as another number: "3 per hour", "0.4 per µM". */
function unitInWords(unit: string): string {
  const under = /^1\/\(?([^()]+)\)?$/.exec(unit)?.[1];
  return under === undefined ? unit : `per ${{ h: "hour", ms: "millisecond" }[under] ?? under}`;
}

/** Words in which no name such as 5-HIAA, MAO-A or GABA-A breaks at its hyphen. */
export function unbroken(words: string): (HTMLElement | string)[] {
  return words.split(/(\b(?:\d-[A-Z]\w*|[A-Z]{2,}\w*-[A-Z\d]\w?)\b)/).map((part, i) => {
    if (i % 2 === 0) return part;
    const whole = document.createElement("span");
    whole.className = "lab-whole";
    whole.textContent = part;
    return whole;
  });
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
  moved: ControlSpec | null;
  controls: ControlSpec[];
  values: Record<string, number>;
  span: number;
  timeUnit: string;
  /** The prediction is still owed: the sliders do not move. */
  locked?: boolean;
  findings: Findings[];
  /** The names of the cases, where one model is shown several times; `noun` is what is shown of it. */
  cases?: { noun: string; names: string[] };
  /** How often what is counted happened, and in the run the lab opened with. */
  counted?: { now: number; before: number };
}

/** Below this a level counts as not changed (0.5 %). */
const SAME = 0.005;

/** The sentence under the picture: the setting, what it does, and why, all from the numbers just computed. */
export function sentence(now: Situation): string {
  const changed = now.controls.filter((control) => !atRest(control, now.values[control.name]));
  const moved = now.moved ?? (changed.length === 1 ? changed[0] : null);
  const unlock = "Choose an answer above to unlock the sliders.";
  if (now.cases) return `${casesSentence(now, changed)}${now.locked ? ` ${unlock}` : ""}`;
  if (!moved && changed.length === 0) {
    const [first] = now.findings;
    // A lab of tablets or pulses is not at rest where its sliders are.
    if (first.end === null && first.furthest) {
      return [`${capital(level(first, now))}.`, counts(now), now.locked ? unlock : "Move a slider to change something."]
        .filter(Boolean)
        .join(" ");
    }
    return `Everything is at rest: ${now.findings.map((f) => f.noun).join(" and ")} ${
      now.findings.length > 1 ? "stay" : "stays"
    } at ${first.end === null ? first.amount : "baseline"}. ${now.locked ? unlock : "Move a slider to change something."}`;
  }
  // What is at rest goes without saying, except what the hand has just put there.
  const others = changed.filter((control) => control.name !== moved?.name);
  const named = !moved ? others : atRest(moved, now.values[moved.name]) ? [...others, moved] : [moved, ...others];
  const settings = named.map((control) => phrase(control, now.values[control.name]));
  const start = `With ${list(settings.length > 3 ? [...settings.slice(0, 2), `${settings.length - 2} other settings changed`] : settings)}, `;
  if (now.findings.length > 1) {
    const levels = now.findings.map((f) => level(f, now));
    return `${start}${levels.join(levels.length === 2 ? ", while " : "; ")}.${now.locked ? ` ${unlock}` : ""}`;
  }
  const [f] = now.findings;
  const told = [`${start}${level(f, now)}.`, counts(now), now.locked ? unlock : because(f, moved, changed, now)];
  return told.filter(Boolean).join(" ");
}

/** One model several times: what the sliders do in each case. */
function casesSentence(now: Situation, changed: ControlSpec[]): string {
  const { noun, names } = now.cases!;
  const settings = changed.map((control) => phrase(control, now.values[control.name]));
  const lead = settings.length ? `With ${list(settings)}` : "With nothing done about it";
  const levels = now.findings.map((f, k) => level({ ...f, noun: `“${names[k]}”` }, now));
  return `${lead}, ${noun}: ${levels.join("; ")}.`;
}

/** "The cell fires 3 times, against 7 before." */
function counts({ counted }: Situation): string {
  if (!counted) return "";
  const often = (count: number) => (count === 0 ? "not at all" : count === 1 ? "once" : count === 2 ? "twice" : `${grouped(count)} times`);
  const same = counted.now === counted.before;
  return counted.now === 0
    ? `The cell does not fire${same ? "" : `; before, it fired ${often(counted.before)}`}.`
    : `The cell fires ${often(counted.now)}${same ? ", as before" : counted.before === 0 ? "; before, it did not" : `, against ${often(counted.before)} before`}.`;
}

export function atRest(control: ControlSpec, value: number): boolean {
  return Math.abs(value - control.rest) < 1e-6 + control.step * 1e-3;
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

/** A run that ends this near to where the model settles counts as settled. */
export const SETTLED = 0.01;

/** "serotonin between the neurons settles at 2.7 times baseline" */
function level(f: Findings, now: Situation): string {
  if (f.end === null) {
    const last = `is ${f.amount} after ${timeWords(now.span, now.timeUnit)}`;
    if (!f.furthest) return `${f.noun} ${last}`;
    const { amount, before } = f.furthest;
    const against = before === null || before === amount ? "" : ` (${before} before)`;
    return `${f.noun} reaches ${amount}${against} ${afterTime(f.peakTime, now.timeUnit)} and ${last}`;
  }
  const end = f.end;
  if (f.lowest !== undefined && (f.peak > 1 + SAME || f.lowest < 1 - SAME)) {
    const ways = [
      f.peak > 1 + SAME ? `goes up to ${place(f.peak)}` : "",
      f.lowest < 1 - SAME ? `${f.peak > 1 + SAME ? "" : "goes "}down to ${place(f.lowest)}` : "",
    ];
    const after = `after ${timeWords(now.span, now.timeUnit)}`;
    return `${f.noun} ${list(ways.filter(Boolean))} and is ${Math.abs(end - 1) < SAME ? "back at baseline" : `at ${place(end)}`} ${after}`;
  }
  const drift = f.settles ? f.settled / Math.max(end, 1e-12) - 1 : 0;
  if (Math.abs(end - 1) < SAME && Math.abs(drift) < SETTLED) {
    const exact = Math.abs(end - 1) < 5e-5;
    return `${f.noun} ${exact ? "stays at baseline" : `hardly changes (${signedPercent(end - 1)})`}`;
  }
  if (!f.settles && end >= NOTHING) {
    return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)} and has not settled`;
  }
  if (Math.abs(drift) < SETTLED || Math.max(end, f.settled) < NOTHING) {
    return end < NOTHING ? `${f.noun} falls to almost nothing` : `${f.noun} settles at ${place(end)}`;
  }
  const write = unitFor(end);
  const on = write(f.settled);
  if (on === write(end)) return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)}`;
  return `${f.noun} is at ${place(end)} after ${timeWords(now.span, now.timeUnit)}, still ${drift > 0 ? "rising" : "falling"} towards ${on}`;
}

function signedPercent(share: number): string {
  const percent = 100 * share;
  const digits = Math.abs(percent) < 0.095 ? 2 : 1;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(digits)}${THIN}%`;
}

/** An explanation has to account for this much of the level, as a natural logarithm (5 %). */
const TELLING = Math.log(1.05);

interface Reason {
  /** What it does to the level, as a natural logarithm: above 0 it raises, below 0 it lowers. */
  effect: number;
  text: string;
}

const log = (value: number | undefined) => (value === undefined ? 0 : Math.log(Math.max(value, 1e-6)));

/**
 * One clause on why the level is not what the settings alone would make it.
 *
 * With firing at r and the share b of the pumps blocked, one expects r / (1 - b) times the baseline. What is released
 * per impulse is what the stores hold times what the brake lets out, and the level is what is released over how fast
 * it is cleared, so the logarithm of (level / expected) is the sum of three: brake, stores and clearance. The largest
 * of those that point the way the level went is the reason; if the level is as expected there is nothing to explain.
 */
function because(f: Findings, moved: ControlSpec | null, changed: ControlSpec[], now: Situation): string {
  if (f.end === null || f.lowest !== undefined) return "";
  const { brake, stores, end, peak } = f;
  const write = unitFor(end);
  const firing = now.values.firing_rate ?? 1;
  const open = 1 - (now.values.reuptake_inhibition ?? 0);
  const expected = firing / Math.max(open, 1e-9);
  const surprise = log(end) - Math.log(Math.max(expected, 1e-6));

  // It went up and came part of the way down again. Where that is the larger part of what held the level down, what
  // held it back between the peak and the end?
  const fell = Math.log(Math.max(peak, 1e-6) / Math.max(end, 1e-6));
  if (peak > 1.04 && fell > 0.04 && f.peakTime < 0.95 * now.span && fell > -0.5 * surprise) {
    const rose = `It rose ${end < 1 - SAME ? "at first" : "further at first"}, to ${write(peak)} ${afterTime(f.peakTime, now.timeUnit)}; then `;
    const braked = log(f.brakeAtPeak) - log(brake);
    const drained = log(f.storesAtPeak) - log(stores);
    const least = 0.3 * fell;
    if (brake !== undefined && braked >= drained && braked > least && brake < 1) {
      return `${rose}the autoreceptor braked release by ${percentOf(1 - brake)}.`;
    }
    if (stores !== undefined && drained > least) {
      return stores < 1
        ? `${rose}${cut(f) ?? ""}the vesicle stores ran down to ${percentOf(stores)}.`
        : `${rose}the vesicle stores came back to ${percentOf(stores)}.`;
    }
  }

  const released = rate(f, ["release"]);
  const made = rate(f, ["synthesis"]);

  // Nothing is let out: that it falls explains itself; what piles up behind is telling.
  if (released !== undefined && released < NOTHING) {
    const behind = [
      { effect: log(made), text: `synthesis ${made! > 1 ? "rises" : "falls"} to ${percentOf(made!)}` },
      { effect: log(stores), text: `the vesicles ${stores! > 1 ? "fill" : "fall"} to ${percentOf(stores!)}` },
    ].filter(({ effect }) => Math.abs(effect) > TELLING);
    behind.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
    return `Nothing is released${behind.length ? `, while ${behind[0].text}` : ""}.`;
  }

  const reasons: Reason[] = [];
  if (brake !== undefined) {
    reasons.push({
      effect: log(brake),
      text:
        brake < 1
          ? `The autoreceptor feels it and brakes release by ${percentOf(1 - brake)}.`
          : `The autoreceptor lets up: it eases release by ${percentOf(brake - 1)}.`,
    });
  }
  if (stores !== undefined) reasons.push({ effect: log(stores), text: storesWords(f, stores, changed) });
  const pumped = rate(f, ["reuptake"]);
  if (released !== undefined && pumped !== undefined) {
    const effect = Math.log(Math.max(open, 1e-9)) - (log(released) - log(end));
    const others = share(f);
    const perPump = pumped / Math.max(end * open, 1e-9);
    if (effect > 0) {
      reasons.push({
        effect,
        text: `The free pumps near saturation: each clears ${percentOf(perPump)} of its usual fraction of the level.`,
      });
    } else if (others !== undefined) {
      reasons.push({
        effect,
        text:
          open < 1e-9
            ? "Only the other ways out, diffusion among them, are left to clear it."
            : `Other ways out, diffusion among them, now clear ${percentOf(others)} of what is released.`,
      });
    }
  }
  const best = reasons
    .filter(({ effect }) => Math.abs(effect) > TELLING && effect * surprise > 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))[0];
  if (best && Math.abs(surprise) > TELLING) return best.text;

  if (moved && changed.length === 0) return "That is how it is at rest.";
  if (moved?.name === "autoreceptor_gain" && Math.abs(end - 1) < SAME) {
    return "The brake answers a change in the level; at rest it has nothing to correct.";
  }
  const other = [...f.others].sort((a, b) => Math.abs(log(b.fold)) - Math.abs(log(a.fold)))[0];
  if (other && Math.abs(end - 1) < 0.05 && Math.abs(log(other.fold)) > TELLING) {
    return `What moves most is ${other.output.noun}: ${percentOf(other.fold)} of baseline.`;
  }
  return Math.abs(end - 1) < 1e-4 ? "The change is too small to show." : "";
}

/** "the autoreceptor cut synthesis to 62 % and ", if it did so and by enough to tell. */
function cut(f: Findings): string | undefined {
  const made = rate(f, ["synthesis"]);
  if (made === undefined || f.synthesisBrake === undefined) return undefined;
  return log(f.synthesisBrake) < -TELLING && log(made) < -TELLING ? `the autoreceptor cut synthesis to ${percentOf(made)} and ` : undefined;
}

/** Why the stores are as they are: the brake on synthesis, synthesis itself, less breakdown, or how fast they are used. */
function storesWords(f: Findings, stores: number, changed: ControlSpec[]): string {
  const made = rate(f, ["synthesis"]);
  if (stores < 1) {
    const words = `the vesicle stores fall to ${percentOf(stores)}.`;
    if (made === undefined || log(made) > -TELLING) return capital(words);
    const braked = log(f.synthesisBrake) < 0.5 * log(made);
    return braked
      ? `The autoreceptor cuts synthesis to ${percentOf(made)}, so ${words}`
      : `Synthesis falls to ${made < NOTHING ? "almost nothing" : percentOf(made)}, so ${words}`;
  }
  const words = `the vesicles fill to ${percentOf(stores)}.`;
  if (changed.some((control) => control.name.startsWith("mao_"))) return `Less is broken down, so ${words}`;
  if (made === undefined || log(made) < TELLING) return capital(words);
  const freed = log(f.synthesisBrake) > 0.5 * log(made);
  return freed
    ? `The autoreceptor lets up, synthesis rises to ${percentOf(made)}, and ${words}`
    : `Synthesis rises to ${percentOf(made)}, so ${words}`;
}

/** The part of what leaves the gap that does not go back through the pumps. */
function share(f: Findings): number | undefined {
  const sum = (names: string[]) => names.reduce((total, name) => total + (f.rates[name]?.now ?? 0), 0);
  const others = sum(["extra_uptake", "extracellular_breakdown", "diffusion"]);
  const all = others + sum(["reuptake"]);
  return others > 0 ? others / all : undefined;
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

/** What the gate says once the guess is fixed; `amount` says it for values in a unit of their own. */
export function verdict(
  chosen: { text: string; value: number },
  choices: { text: string; value: number }[],
  fold: number,
  when: string,
  amount?: string,
): [string, string] {
  const distance = (value: number) =>
    amount === undefined ? Math.abs(Math.log(Math.max(value, 1e-3) / Math.max(fold, 1e-3))) : Math.abs(value - fold);
  const closest = choices.reduce((best, choice) => (distance(choice.value) < distance(best.value) ? choice : best));
  const said = `You predicted “${chosen.text}”.`;
  const answer = amount ?? (Math.abs(fold - 1) < SAME ? "no change" : place(fold));
  const judged =
    closest.text === chosen.text ? "Yours was the closest." : `The closest was “${closest.text}”. What made the difference?`;
  return [said, `The model says ${answer}${when}. ${judged}`];
}
