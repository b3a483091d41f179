/** Who says what a frame shows: about levels, or about doses. */
import { Medicines, occupancy, type Drive } from "../model/drives";
import type { LabSpec } from "../spec/generated";
import { explainer } from "../words/explanations/index";
import { findings, furthest, type Findings } from "../words/findings";
import { clean, grouped, inOwnUnit, list, percentOf, THIN, times } from "../words/numbers";
import { sentence } from "../words/sentence";
import { moments } from "../model/moments";
import type { Frame } from "./frame";

type Speaker = (frame: Frame) => string;

export function speakerOf(spec: LabSpec, drive: Drive): Speaker {
  const asked = spec.panels.find((panel) => panel.kind === "sentence")?.speaker;
  if (asked === "doses" && drive instanceof Medicines) return aboutDoses(spec, drive);
  return aboutLevels(spec);
}

// -- levels -----------------------------------------------------------------------------------------------------

function aboutLevels(spec: LabSpec): Speaker {
  const { clock, controls, main, models, runs } = spec;
  const explain = explainer(models[0].explanation);
  const several = runs.length > 1;
  const oneModel = several && models.length === 1;
  // What the sentence may name besides the main output.
  const others = spec.panels.flatMap((panel) => (panel.kind === "small" ? panel.outputs : []));
  const counting = spec.panels.find((panel) => panel.kind === "raster")?.output;
  return (frame) =>
    sentence({
      moved: controls.find(({ name }) => name === frame.moved) ?? null,
      controls,
      values: frame.settings,
      span: clock.span * clock.factor,
      timeUnit: clock.unit,
      locked: frame.locked,
      findings: runs.map((_, k) => found(frame, k, main, k ? [] : others)),
      explain,
      cases: oneModel ? { noun: frame.words(0, main).noun, names: runs.map(({ name }) => name) } : undefined,
      counted: counting === undefined ? undefined : { now: often(frame, counting), before: often(frame.opened, counting) },
    });
}

function often(frame: Frame, output: string): number {
  return moments(frame.runs[0].times, frame.runs[0].series(output)).length;
}

function found(frame: Frame, k: number, main: string, others: readonly string[]): Findings {
  const { clock, outputs, runs } = frame.spec;
  const { end: amount, values, words } = frame.curve(k, main);
  const facts = findings(frame.runs[k], main, others, outputs[runs[k].model], amount);
  facts.peakTime *= clock.factor;
  if (facts.end === null) {
    const far = inOwnUnit(words, values[furthest(values)]);
    const opened = frame.opened.curve(k, main).values;
    const before = runs.length > 1 ? null : inOwnUnit(words, opened[furthest(opened)]);
    if (far !== amount) facts.furthest = { amount: far, before };
  }
  return facts;
}

// -- doses ------------------------------------------------------------------------------------------------------

/** Under this share a target is not spoken of. */
const SPOKEN = 0.05;
const MOST_TARGETS = 4;
/** A terminal that moves by less is not spoken of. */
const MOVED = 0.02;

function aboutDoses(spec: LabSpec, drive: Medicines): Speaker {
  const rows = spec.panels.flatMap((panel) => (panel.kind === "fingerprint" ? panel.rows : []));
  return (frame) => {
    const told = drive.spec.sides.map((_, side) => {
      const medicine = drive.medicine(side, frame.settings);
      const dose = drive.dose(side, frame.settings);
      if (dose === 0) return `No ${medicine.name}: nothing is occupied, and the terminals stay at rest.`;
      const held = rows
        .map(({ label, target }) => ({ label, value: occupancy(medicine, target, dose) ?? 0 }))
        .filter(({ value }) => value >= SPOKEN)
        .sort((a, b) => b.value - a.value)
        .slice(0, MOST_TARGETS)
        .map(({ label, value }) => `${percentOf(value)} of ${label}`);
      const start = `At ${grouped(clean(dose))}${THIN}mg a day, ${medicine.name} occupies ${held.length ? list(held) : "less than 5 % of any target"}`;
      return `${start}; ${follows(frame, side)}.`;
    });
    return [...told, frame.locked ? "Choose an answer above to unlock the lab." : ""].filter(Boolean).join(" ");
  };
}

/** "serotonin goes to 2.9 times rest" */
function follows(frame: Frame, side: number): string {
  const { main, models, numbers, runs } = frame.spec;
  const moved = numbers
    .filter(({ run }) => runs[run].side === side)
    .map(({ run }) => {
      const { values } = frame.curve(run, main);
      return { name: models[runs[run].model].messenger.name, fold: values[values.length - 1] / 100 };
    })
    .filter(({ fold }) => Math.abs(fold - 1) >= MOVED);
  if (!moved.length) return "no terminal moves by 2 %";
  return list(moved.map(({ name, fold }) => `${name} goes to ${fold >= 1 ? times(fold) : percentOf(fold)} rest`.replace("% rest", "% of rest")));
}
