/** The drawing's words: default labels, percentages, tooltips and the one sentence that stands for the picture. */
import { withArticle } from "../../words/numbers";
import { type Flux, MOST_GAP_DOTS, GAP_DOTS, type Reading } from "./quantities";

/** Every text of the drawing. A lab may replace any of them through `spec.labels`. */
export interface Labels {
  /** The messenger in words, "serotonin". */
  transmitter: string;
  symbol: string;
  transporter: string;
  enzyme: string;
  precursor: string;
  metabolite: string;
  receptors: string;
  autoreceptors: string;
  /** Stands in for it where the model gives the autoreceptors' effect rather than how many are occupied. */
  autoreceptor_signal: string;
  brake: string;
  synthesis: string;
  packaging: string;
  leak: string;
  release: string;
  reuptake: string;
  diffusion: string;
  extra_uptake: string;
  extracellular_breakdown: string;
  /** Stands in where a model has both of the two above. */
  other_losses: string;
  plugged: string;
}

export function labelsFor(
  spec: { transmitter: string; symbol: string; transporter: string; enzyme: string },
  given: Record<string, string>,
): Labels {
  const defaults: Labels = {
    transmitter: spec.transmitter,
    symbol: spec.symbol,
    transporter: spec.transporter,
    enzyme: spec.enzyme,
    precursor: "precursor",
    metabolite: "breakdown product",
    receptors: `${spec.symbol} receptors`.trim(),
    autoreceptors: "autoreceptors",
    autoreceptor_signal: "autoreceptor signal",
    brake: "brake",
    synthesis: "synthesis",
    packaging: "packaging",
    leak: "leak",
    release: "release",
    reuptake: `Reuptake by ${spec.transporter}`,
    diffusion: "diffuses away",
    extra_uptake: "other uptake",
    extracellular_breakdown: "broken down",
    other_losses: "other losses",
    plugged: `${spec.transporter}, blocked`,
  };
  for (const key of Object.keys(defaults) as (keyof Labels)[]) {
    if (typeof given[key] === "string" && given[key].trim()) defaults[key] = given[key];
  }
  return defaults;
}

/** "80 %", held together by a no-break space; a level that is not nought never reads 0 %. */
export function percent(fraction: number): string {
  const value = 100 * fraction;
  if (value > 0 && value < 0.5) return "<\u20091\u00a0%";
  return `${Math.round(value)}\u00a0%`;
}

/** Tooltip of an arrow: "Reuptake by SERT: 47 % of its baseline rate". */
export function fluxWords(name: string, flux: Flux): string {
  const start = name.charAt(0).toUpperCase() + name.slice(1);
  if (flux.ratio !== undefined) return `${start}: ${percent(flux.ratio)} of its baseline rate`;
  return flux.rate > 0 ? `${start}: flowing, none at baseline` : `${start}: none`;
}

/** The sentence a screen reader hears for the whole drawing. */
export function describe(reading: Reading, labels: Labels): string {
  const facts: string[] = [];
  const level = (name: string, ratio: number | undefined) => {
    if (ratio !== undefined) facts.push(`${name} ${percent(ratio)} of baseline`);
  };
  level(`${labels.transmitter} between the neurons`, reading.extracellular);
  level("stored in vesicles", reading.vesicular);
  level("release", reading.fluxes.release?.ratio);
  if (reading.reuptakeBlocked) facts.push(`${percent(reading.reuptakeBlocked)} of the ${labels.transporter} pumps plugged`);
  for (const { letter, inhibition } of reading.enzymes) {
    if (inhibition > 0) facts.push(`${labels.enzyme}${letter && `-${letter}`} ${percent(inhibition)} blocked`);
  }
  if (reading.autoreceptorOccupancy !== undefined) {
    const part = percent(reading.autoreceptorOccupancy);
    facts.push(reading.autoreceptorSignal ? `${labels.autoreceptor_signal} ${part}` : `${labels.autoreceptors} ${part} occupied`);
    if (reading.autoreceptorGain <= 0) facts.push(`their ${labels.brake} off`);
  }
  if (reading.receptorOccupancy !== undefined) {
    facts.push(`${labels.receptors} ${percent(reading.receptorOccupancy)} occupied`);
  }
  const title = `Drawing of ${withArticle(labels.transmitter)} synapse`;
  // Screen readers differ on "<"; the word is the same everywhere.
  return facts.length ? `${title}: ${facts.join(", ")}.`.replaceAll("<\u2009", "under ") : `${title}.`;
}

/** The legend's lines: how dots and arrows are to be read, and where the drawing stops counting. */
export function legend(reading: Reading, lines: 1 | 2 | 3 | 4): string[] {
  const capped = (reading.extracellular ?? 0) * GAP_DOTS > MOST_GAP_DOTS + 0.5;
  const what = capped ? `More than ${MOST_GAP_DOTS} dots;` : "Dots between the neurons:";
  const level = `${GAP_DOTS} at baseline.`;
  const dots = `${what} ${level}`;
  const arrows = ["Wider arrow, faster flow", "(twice as wide = 8 times)."];
  if (lines === 4) return [what, level, ...arrows];
  if (lines === 3) return [dots, ...arrows];
  return lines === 2 ? [dots, arrows.join(" ")] : [`${dots} ${arrows.join(" ")}`];
}
