/** What the model says to the prediction, and the place of the guess beside it. */
import { Medicines, numberOf, occupancy } from "../model/drives";
import type { LabSpec } from "../spec/generated";
import { SAME, SETTLED } from "../words/findings";
import { inOwnUnit, percentOf, timeWords } from "../words/numbers";
import { same } from "../words/settings";
import { factorOf, type Frame } from "./frame";
import type { Session } from "./session";

type Prediction = NonNullable<LabSpec["prediction"]>;

export interface Answer {
  /** As the choices count it. */
  shown: number;
  /** " after 24 hours", or nothing. */
  when: string;
  /** In words, where it has a unit of its own. */
  amount?: string;
}

/** The model's answer, computed for the question's own scenario. */
export function answerOf(session: Session, prediction: Prediction): Answer {
  const { drive, spec } = session;
  const { output, run } = prediction;
  if (prediction.of === "target" && drive instanceof Medicines) {
    const held = occupancy(drive.medicine(0, session.asked), output, drive.dose(0, session.asked)) ?? 0;
    return { shown: 100 * held, when: "", amount: `${percentOf(held)} of ${output}` };
  }
  const experiment = session.experiments[run];
  const { end, settled } = experiment.endUnder(drive.changes(spec.runs[run], session.asked), output);
  const words = spec.outputs[spec.runs[run].model][output];
  const shown = prediction.absolute ? end * factorOf(words) : end / experiment.baseline[output];
  // A dose's level is that of its day, whatever comes later.
  if (drive instanceof Medicines) return { shown, when: "" };
  // The verdict gives the number the curve ends on.
  const settles = end === settled || Math.abs(settled / end - 1) < SETTLED;
  const { factor, span, unit } = spec.clock;
  const when = settles && !prediction.absolute ? "" : ` after ${timeWords(span * factor, unit)}`;
  if (prediction.absolute) return { shown, when, amount: inOwnUnit(words, shown) };
  // A run that began elsewhere and comes to rest has changed.
  const arrived = experiment.settled && Math.abs(shown - 1) < SAME;
  return { shown, when, amount: arrived ? "baseline" : undefined };
}

/** The guess as the main chart counts it, while the controls show the question's own scenario; null otherwise. */
export function guessShown(session: Session, frame: Frame): number | null {
  const { controls, main, prediction } = session.spec;
  if (!prediction || frame.guess < 0 || !frame.revealed || prediction.of !== "run" || prediction.output !== main) return null;
  const wanted = session.asked;
  const there = controls.every((control) =>
    control.kind === "number"
      ? same(control, numberOf(wanted, control.name), numberOf(frame.settings, control.name))
      : same(control, wanted[control.name], frame.settings[control.name]),
  );
  return there ? (prediction.absolute ? 1 : 100) * prediction.choices[frame.guess].value : null;
}
