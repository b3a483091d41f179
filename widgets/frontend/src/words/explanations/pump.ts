/** Why the level outside a terminal with a pump is not what the settings alone would make it. */
import { numberOf } from "../../model/drives";
import type { Control } from "../../spec/read";
import { SAME, type Findings, type Situation } from "../findings";
import { afterTime, capital, NOTHING, percentOf, unitFor } from "../numbers";
import { log, plain, TELLING } from "./plain";


interface Reason {
  /** What it does to the level, as a natural logarithm: above 0 it raises, below 0 it lowers. */
  effect: number;
  text: string;
}

/**
 * One clause on why the level is not what the settings alone would make it.
 *
 * With firing at r and the share b of the pumps blocked, one expects r / (1 - b) times the baseline. What is released
 * per impulse is what the stores hold times what the brake lets out, and the level is what is released over how fast
 * it is cleared, so the logarithm of (level / expected) is the sum of three: brake, stores and clearance. The largest
 * of those that point the way the level went is the reason; if the level is as expected there is nothing to explain.
 */
export function pump(f: Findings, moved: Control | null, changed: readonly Control[], now: Situation): string {
  if (f.end === null || f.lowest !== undefined) return "";
  const open = 1 - given(now, "reuptake_inhibition", 0);
  const expected = given(now, "firing_rate", 1) / Math.max(open, 1e-9);
  const surprise = log(f.end) - Math.log(Math.max(expected, 1e-6));
  const told = overshoot(f, f.end, surprise, now) || nothingReleased(f);
  if (told) return told;
  const best = [...ofTheCell(f, changed), ...ofTheGap(f, f.end, open)]
    .filter(({ effect }) => Math.abs(effect) > TELLING && effect * surprise > 0)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))[0];
  if (best && Math.abs(surprise) > TELLING) return best.text;
  return plain(f, moved, changed);
}

/**
 * It went up and came part of the way down again. Where that is the larger part of what held the level down, what held
 * it back between the peak and the end?
 */
function overshoot(f: Findings, end: number, surprise: number, now: Situation): string {
  const { brake, peak, stores } = f;
  const write = unitFor(end);
  const fell = Math.log(Math.max(peak, 1e-6) / Math.max(end, 1e-6));
  if (!(peak > 1.04 && fell > 0.04 && f.peakTime < 0.95 * now.span && fell > -0.5 * surprise)) return "";
  const rose = `It rose ${end < 1 - SAME ? "at first" : "further at first"}, to ${write(peak)} ${afterTime(f.peakTime, now.timeUnit)}; then `;
  const braked = log(f.brakeAtPeak) - log(brake);
  const drained = log(f.storesAtPeak) - log(stores);
  const least = 0.3 * fell;
  if (brake !== undefined && braked >= drained && braked > least && brake < 1) {
    return `${rose}the autoreceptor braked release by ${percentOf(1 - brake)}.`;
  }
  if (stores === undefined || drained <= least) return "";
  return stores < 1
    ? `${rose}${cut(f) ?? ""}the vesicle stores ran down to ${percentOf(stores)}.`
    : `${rose}the vesicle stores came back to ${percentOf(stores)}.`;
}

/** Nothing is let out: that the level falls explains itself; what piles up behind is telling. */
function nothingReleased(f: Findings): string {
  const released = rate(f, ["release"]);
  if (released === undefined || released >= NOTHING) return "";
  const made = rate(f, ["synthesis"]);
  const behind = [
    { effect: log(made), text: `synthesis ${made! > 1 ? "rises" : "falls"} to ${percentOf(made!)}` },
    { effect: log(f.stores), text: `the vesicles ${f.stores! > 1 ? "fill" : "fall"} to ${percentOf(f.stores!)}` },
  ].filter(({ effect }) => Math.abs(effect) > TELLING);
  behind.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  return `Nothing is released${behind.length ? `, while ${behind[0].text}` : ""}.`;
}

/** What the brake and the stores do to each impulse. */
function ofTheCell(f: Findings, changed: readonly Control[]): Reason[] {
  const { brake, stores } = f;
  const reasons: Reason[] = [];
  if (brake !== undefined) {
    const text =
      brake < 1
        ? `The autoreceptor feels it and brakes release by ${percentOf(1 - brake)}.`
        : `The autoreceptor lets up: it eases release by ${percentOf(brake - 1)}.`;
    reasons.push({ effect: log(brake), text });
  }
  if (stores !== undefined) reasons.push({ effect: log(stores), text: storesWords(f, stores, changed) });
  return reasons;
}

/** What the pumps and the other ways out do to what was released; `open`: the share of pumps that is free. */
function ofTheGap(f: Findings, end: number, open: number): Reason[] {
  const released = rate(f, ["release"]);
  const pumped = rate(f, ["reuptake"]);
  if (released === undefined || pumped === undefined) return [];
  const effect = Math.log(Math.max(open, 1e-9)) - (log(released) - log(end));
  const others = share(f);
  if (effect > 0) {
    const perPump = percentOf(pumped / Math.max(end * open, 1e-9));
    return [{ effect, text: `The free pumps near saturation: each clears ${perPump} of its usual fraction of the level.` }];
  }
  if (others === undefined) return [];
  const text =
    open < 1e-9
      ? "Only the other ways out, diffusion among them, are left to clear it."
      : `Other ways out, diffusion among them, now clear ${percentOf(others)} of what is released.`;
  return [{ effect, text }];
}

function given({ values }: Situation, name: string, otherwise: number): number {
  return name in values ? numberOf(values, name) : otherwise;
}

/** "the autoreceptor cut synthesis to 62 % and ", if it did so and by enough to tell. */
function cut(f: Findings): string | undefined {
  const made = rate(f, ["synthesis"]);
  if (made === undefined || f.synthesisBrake === undefined) return undefined;
  return log(f.synthesisBrake) < -TELLING && log(made) < -TELLING ? `the autoreceptor cut synthesis to ${percentOf(made)} and ` : undefined;
}

/** Why the stores are as they are: the brake on synthesis, synthesis itself, less breakdown, or how fast they are used. */
function storesWords(f: Findings, stores: number, changed: readonly Control[]): string {
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
