/** The drawing's words: what stands beside its parts, and the one sentence that stands for the picture. */
import { percent } from "../scene/words";
import { BESIDE_SCALE, GAP_SCALE, MOST_BESIDE, MOST_GAP, type Reading } from "./quantities";

/** The transporter's name, "GAT". */
export interface Names {
  transporter: string;
}

/** 3.02 is "3.0", 73.7 is "74". */
const amount = (value: number): string => (value < 9.95 ? value.toFixed(1) : String(Math.round(value)));

const FLOWS = { in: "chloride flows in", out: "chloride flows out", none: "no net chloride flow" };

/** "chloride flows in, mean 74 pA" */
export function flowWords({ way, current }: Reading): string {
  return way === "none" ? FLOWS.none : `${FLOWS[way]}, mean ${amount(Math.abs(current))}\u00a0pA`;
}

export function siteWords(filled: number): string {
  return filled > 0 ? `site ${percent(filled)} filled` : "site empty";
}

/** The channels' state; of those that are blocked it counts no more whether they are open. */
export function poreWords({ open, closed }: Reading): string {
  if (closed > 0) return closed < 1 ? `${percent(closed)} blocked` : "blocked";
  return open < 0.001 ? "closed" : `${percent(open)} open`;
}

export function pumpWords(blocked: number, { transporter }: Names): string {
  if (blocked >= 1) return `${transporter}, blocked`;
  return blocked > 0 ? `${transporter}, ${percent(blocked)} blocked` : `reuptake by ${transporter}`;
}

/** What dots and arrows stand for. */
export function caption({ gap, beside }: Reading): string {
  const more = gap * GAP_SCALE > MOST_GAP + 0.5 || beside * BESIDE_SCALE > MOST_BESIDE + 0.5;
  return (
    `Mean over the run. A dot of GABA is 1\u00a0µM in the gap, 0.1\u00a0µM beside it${more ? " (and more than is drawn)" : ""}. ` +
    "Chloride passes as fast as the current is large; how much stands inside follows from the reversal potential. " +
    "Twice as wide an arrow: 8 times the flow."
  );
}

/** The sentence a screen reader hears for the whole drawing. */
export function describe(reading: Reading, names: Names, opener: boolean): string {
  const { gap, beside, benzodiazepine, barbiturate, blocked } = reading;
  const facts = [
    `GABA ${gap > 0 ? `${amount(gap)}\u00a0µM` : "none"} in the gap and ${amount(beside)}\u00a0µM beside it`,
    `GABA sites ${gap > 0 ? "filled" : "empty"}`,
    `benzodiazepine ${siteWords(benzodiazepine)}`,
    opener && barbiturate > 0 ? `barbiturate at ${percent(barbiturate)} of its full effect` : "",
    `channels ${poreWords(reading)}`,
    flowWords(reading),
    blocked > 0 ? `${percent(blocked)} of the ${names.transporter} transporters blocked` : `reuptake by ${names.transporter}`,
  ].filter(Boolean);
  // Screen readers differ on "<"; the word is the same everywhere.
  return `Drawing of a GABA-A receptor, as the mean over the run: ${facts.join(", ")}.`.replaceAll("<\u2009", "under ");
}
