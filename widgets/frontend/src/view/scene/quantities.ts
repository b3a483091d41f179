/**
 * From a lab's numbers to what the drawing shows: levels relative to baseline, counts of dots, widths of arrows.
 *
 * Pure functions; nothing here touches the page. Values that are not finite are dropped, so a drawing never shows one.
 */

export type Values = Record<string, number>;

/** Dots in the gap at baseline, and the most that are ever drawn (8.6 times baseline). */
export const GAP_DOTS = 14;
export const MOST_GAP_DOTS = 120;
/** Dots in one vesicle at baseline, and when it is drawn full (4.5 times baseline). */
export const VESICLE_DOTS = 6;
export const VESICLE_SLOTS = 27;
export const CYTOSOL_DOTS = 5;
export const MOST_CYTOSOL_DOTS = 16;
export const PUMPS = 5;
export const AUTORECEPTORS = 4;
export const RECEPTORS = 6;

/** Width in px of an arrow that carries the baseline rate of release, and of the widest arrow drawn. */
const BASELINE_WIDTH = 6.5;
export const WIDEST_ARROW = 12;
/** Packaging and leak are drawn apart only if each is comparable with release; else their difference is drawn. */
const COMPARABLE = 6;

/** Keeps the finite numbers; where a value is not finite, the last finite one for that name (if any) stands in. */
export function finite(values: Values | undefined, previous: Values): Values {
  const kept: Values = {};
  for (const [name, value] of Object.entries(values ?? {})) {
    if (Number.isFinite(value)) kept[name] = value;
    else if (name in previous) kept[name] = previous[name];
  }
  return kept;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** One rate: what it is, what it was at baseline, and both as a multiple (undefined where baseline is nought). */
export interface Flux {
  rate: number;
  baseline: number | undefined;
  ratio: number | undefined;
}

export interface Enzyme {
  letter: "A" | "B" | "";
  inhibition: number;
  flux: Flux | undefined;
}

/** Everything the drawing shows, in the drawing's own terms. `undefined` means: the model does not have it. */
export interface Reading {
  /** Multiples of baseline. */
  extracellular: number | undefined;
  vesicular: number | undefined;
  cytosolic: number | undefined;
  metabolite: number | undefined;
  fluxes: Partial<Record<string, Flux>>;
  /** The rate whose arrow is BASELINE_WIDTH wide. */
  reference: number;
  /** True: packaging and leak are two arrows. False: one arrow for their difference. */
  exchangeApart: boolean;
  reuptakeBlocked: number | undefined;
  enzymes: Enzyme[];
  autoreceptorOccupancy: number | undefined;
  /** The number above is the size of the autoreceptors' effect, not the part of them that is occupied. */
  autoreceptorSignal: boolean;
  autoreceptorGain: number;
  releaseBrake: number | undefined;
  synthesisBrake: number | undefined;
  receptorOccupancy: number | undefined;
}

const REACTIONS = [
  "synthesis",
  "packaging",
  "leak",
  "release",
  "reuptake",
  "diffusion",
  "extra_uptake",
  "extracellular_breakdown",
  "metabolite_loss",
  "breakdown",
  "breakdown_mao_a",
  "breakdown_mao_b",
];

/** What is known of a model before its first number. */
export interface Facts {
  /** Quantities the model never moves: a brake among them is none. */
  constant: ReadonlySet<string>;
  autoreceptorSignal: boolean;
}

/** Reads the finite values of one state. */
export function read(baseline: Values, now: Values, controls: Values, facts: Facts): Reading {
  const brake = (name: string) => (name in now && !facts.constant.has(name) ? Math.max(0, now[name]) : undefined);
  const relative = (name: string): number | undefined => {
    if (!(name in now) || !(baseline[name] > 0)) return undefined;
    return Math.max(0, now[name]) / baseline[name];
  };
  const fluxes: Partial<Record<string, Flux>> = {};
  for (const name of REACTIONS) {
    if (name in now) fluxes[name] = { rate: Math.max(0, now[name]), baseline: baseline[name], ratio: relative(name) };
  }
  const reference =
    [baseline.release, baseline.reuptake, ...REACTIONS.map((name) => baseline[name])].find((rate) => rate > 0) ?? 1;
  const fraction = (values: Values, name: string) => (name in values ? clamp(values[name], 0, 1) : undefined);
  const enzymes: Enzyme[] = [];
  for (const letter of ["A", "B"] as const) {
    const suffix = letter.toLowerCase();
    const flux = fluxes[`breakdown_mao_${suffix}`];
    const inhibition = fraction(controls, `mao_${suffix}_inhibition`);
    if (flux || inhibition !== undefined) enzymes.push({ letter, inhibition: inhibition ?? 0, flux });
  }
  if (!enzymes.length && fluxes.breakdown) {
    enzymes.push({ letter: "", inhibition: fraction(controls, "breakdown_inhibition") ?? 0, flux: fluxes.breakdown });
  }
  const gross = Math.max(baseline.packaging ?? 0, baseline.leak ?? 0);
  return {
    extracellular: relative("extracellular"),
    vesicular: relative("vesicular"),
    cytosolic: relative("cytosolic"),
    metabolite: relative("metabolite"),
    fluxes,
    reference,
    exchangeApart: gross <= COMPARABLE * reference,
    reuptakeBlocked: fraction(controls, "reuptake_inhibition") ?? (fluxes.reuptake ? 0 : undefined),
    enzymes,
    autoreceptorOccupancy: fraction(now, "autoreceptor_occupancy"),
    autoreceptorSignal: facts.autoreceptorSignal,
    autoreceptorGain: "autoreceptor_gain" in controls ? Math.max(0, controls.autoreceptor_gain) : 1,
    releaseBrake: brake("release_brake"),
    synthesisBrake: brake("synthesis_brake"),
    receptorOccupancy: fraction(now, "receptor_occupancy"),
  };
}

/** Which parts a reading has: the drawing is built anew only when this changes. */
export function anatomy(reading: Reading): string {
  return JSON.stringify([
    reading.vesicular !== undefined,
    reading.cytosolic !== undefined,
    reading.extracellular !== undefined,
    Object.keys(reading.fluxes),
    reading.exchangeApart,
    reading.reuptakeBlocked !== undefined,
    reading.enzymes.map((enzyme) => enzyme.letter),
    reading.autoreceptorOccupancy !== undefined,
    reading.releaseBrake !== undefined,
    reading.synthesisBrake !== undefined,
    reading.receptorOccupancy !== undefined,
  ]);
}

/**
 * Width in px of the arrow for a rate: proportional to its cube root, one scale for all arrows. The rates of one synapse
 * span three orders of magnitude (reuptake against diffusion); on a linear or square-root scale either the largest would
 * fill the cell or the smallest could not be seen to change.
 */
export function arrowWidth(rate: number, reference: number): number {
  if (!(rate > 0)) return 0;
  return Math.min(WIDEST_ARROW, BASELINE_WIDTH * Math.cbrt(rate / reference));
}

/** Width of a reaction's arrow. Under one percent of its own baseline it is drawn as stopped. */
export function fluxWidth(flux: Flux | undefined, reference: number): number {
  if (!flux || (flux.ratio !== undefined && flux.ratio < 0.01)) return 0;
  return arrowWidth(flux.rate, reference);
}

/** Two reactions drawn as one arrow. */
export function together(fluxes: (Flux | undefined)[]): Flux | undefined {
  const known = fluxes.filter((flux) => flux !== undefined);
  if (!known.length) return undefined;
  const rate = known.reduce((total, flux) => total + flux.rate, 0);
  const baseline = known.reduce((total, flux) => total + (flux.baseline ?? 0), 0);
  return { rate, baseline, ratio: baseline > 0 ? rate / baseline : undefined };
}

/** Dots for a level relative to baseline. A level above nought shows at least one dot. */
export function dotCount(ratio: number | undefined, atBaseline: number, most: number): number {
  if (ratio === undefined || !(ratio > 0)) return 0;
  if (ratio * atBaseline < 0.1) return 0;
  return clamp(Math.round(ratio * atBaseline), 1, most);
}

/** How much of each of `count` places is taken when `fraction` of all are: whole ones first, then a part. */
export function shares(fraction: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const share = clamp(fraction * count - i, 0, 1);
    // A sliver too thin to see, or rounding noise from a slider, counts as nothing or as the whole.
    return share < 0.02 ? 0 : share > 0.98 ? 1 : share;
  });
}
