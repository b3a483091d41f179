/**
 * From a run to what the drawing of a GABA-A receptor shows. All is the mean over the run: a pulse is over in a
 * millisecond, and what a cell feels of many of them, and of their lasting longer, is their sum.
 *
 * Pure functions; nothing here touches the page. Concentrations in mM, currents in pA, voltages in mV, as in gaba.ant.
 */
import { clamp } from "../scene/quantities";

/** A run, as far as it is drawn. */
export interface Source {
  readonly times: ArrayLike<number>;
  series(output: string): ArrayLike<number>;
  /** A constant as the run had it; undefined where the model has none of this name. */
  constant(name: string): number | undefined;
  /** The transporter's rate at rest. */
  readonly resting: number;
}

export type Way = "in" | "out" | "none";

export interface Reading {
  /** GABA in the gap and beside it, in µM. */
  gap: number;
  beside: number;
  /** The part of the time that channels are open. */
  open: number;
  /** The current through the synapse's channels, in pA: positive when it holds the cell back. */
  current: number;
  /** Where chloride goes, on balance. */
  way: Way;
  /** Ions that pass the drawn pore in a second. */
  rate: number;
  /** Chloride ions drawn in the cell. */
  inside: number;
  benzodiazepine: number;
  barbiturate: number;
  /** Parts of the channels and of the transporters that are blocked. */
  closed: number;
  blocked: number;
  /** The transporter's rate, and the same over its rate at rest. */
  reuptake: number;
  resting: number;
}

/** Dots for each µM: in the gap, and beside it, where there is less. */
export const GAP_SCALE = 1;
export const BESIDE_SCALE = 10;
export const MOST_GAP = 90;
export const MOST_BESIDE = 60;
/** Chloride ions drawn outside the cell. */
export const OUTSIDE = 16;
/** A mean current under this, pA, is none: what is left of it would not move an ion in a minute. */
export const NO_CURRENT = 0.25;
/** The current that moves one drawn ion a second, pA, and the most ions that can be told apart. */
export const PER_ION = 12;
const FASTEST = 8;
/** RT/F at 37 degrees, mV. */
const THERMAL = 26.7;
/** How long an ion is on its way from one side to the other, in seconds. */
export const PASSAGE = 2.4;

/** The mean of a series over its times. `held`: it leaps, and each value stands until the next, as a pulse does. */
export function mean(times: ArrayLike<number>, values: ArrayLike<number>, held = false): number {
  let area = 0;
  for (let i = 1; i < times.length; i++) {
    area += (times[i] - times[i - 1]) * (held ? values[i - 1] : (values[i] + values[i - 1]) / 2);
  }
  const span = times[times.length - 1] - times[0];
  return span > 0 ? area / span : values[0];
}

/** Chloride ions drawn in the cell, of which so many outside make this reversal potential (Nernst). */
export function chlorideInside(reversal: number): number {
  return clamp(Math.round(OUTSIDE * Math.exp(reversal / THERMAL)), 1, OUTSIDE);
}

export const wayOf = (current: number): Way =>
  Math.abs(current) < NO_CURRENT ? "none" : current > 0 ? "in" : "out";

export function ionRate(current: number): number {
  return wayOf(current) === "none" ? 0 : Math.min(FASTEST, Math.abs(current) / PER_ION);
}

export function read(run: Source): Reading {
  const over = (output: string, held?: boolean) => mean(run.times, run.series(output), held);
  const part = (name: string) => clamp(run.constant(name) ?? 0, 0, 1);
  const current = over("i_gaba_a");
  return {
    gap: 1000 * Math.max(0, over("cleft", true)),
    beside: 1000 * Math.max(0, over("extracellular")),
    open: clamp(over("gaba_a_open"), 0, 1),
    current,
    way: wayOf(current),
    rate: ionRate(current),
    inside: chlorideInside(run.constant("E_GABA_A") ?? -80),
    benzodiazepine: part("benzodiazepine"),
    barbiturate: part("barbiturate"),
    closed: part("gaba_a_block"),
    blocked: part("reuptake_inhibition"),
    reuptake: Math.max(0, over("reuptake")),
    resting: run.resting,
  };
}

/**
 * Where on their way through the pore ions are, 0 (outside) to 1 (inside), each with its number: `passed` have set out.
 * They follow each other at even times, so that what passes in a second is the rate.
 */
export function underway(passed: number, rate: number, way: Way): { at: number; number: number }[] {
  if (way === "none" || !(rate > 0)) return [];
  const found: { at: number; number: number }[] = [];
  for (let number = Math.floor(passed); ; number--) {
    const at = (passed - number) / (rate * PASSAGE);
    if (at >= 1) return found;
    found.push({ at: way === "in" ? at : 1 - at, number });
  }
}

/** How many have set out in the still drawing: of a slow current, one is in the pore. */
export function stillAt(rate: number): number {
  return rate * PASSAGE < 1 ? 0.5 * rate * PASSAGE : 0.5;
}

/** Half the width of the pore where it is narrowest, px: wide enough for an ion as soon as it opens at all. */
export function poreHalf(open: number): number {
  return open < 0.001 ? 0.7 : 5.6 + 2.6 * open;
}
