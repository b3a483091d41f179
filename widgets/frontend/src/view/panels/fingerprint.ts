/** What the chosen doses occupy: one bar a target, for one medicine or two side by side. */
import { occupancy, type Settings } from "../../model/drives";
import { capital } from "../../words/numbers";
import { Bars, type BarValue } from "../charts/bars";
import { make, write } from "../dom";
import { panelKind } from "../panel";
import { letterOf, medicinesOf, taken } from "../sides";

const TITLE = "How much of each target is occupied, on average over the day";
const AIMED_AT = "Where the intended effect is thought to start";
const ELSEWHERE = "Other targets, where side effects come from";
/** A target of which less is ever occupied is named, not drawn. */
const LITTLE = 0.01;
const AFFINITY = "from affinity";
const note = (error: number) =>
  "Filled: measured in people. Hatched: reckoned from affinity in the test tube and the unbound concentration in blood; the " +
  `line shows how far that typically lies from what scans find, ${Math.round(100 * error)} points to either side.`;

export default panelKind("fingerprint", "above", (spec, lab) => {
  const drive = medicinesOf(lab.session);
  const { sides } = drive.spec;
  const bars = new Bars(TITLE, spec.rows, sides.length, [AIMED_AT, ELSEWHERE]);
  /** Targets that are hardly touched, in one line. */
  const little = make("p", "lab-scan-words");

  /** What the medicines shown are named for first, then the rest. */
  const arrange = (settings: Settings) => {
    const shown = sides.map((_, side) => drive.medicine(side, settings));
    // By what the highest usual dose does, so that a row does not come and go under the hand.
    const most = (target: string) => Math.max(...shown.map((medicine) => occupancy(medicine, target, medicine.high) ?? -1));
    bars.arrange(
      spec.rows.map(({ aim, target }) => {
        if (most(target) < LITTLE) return null;
        return aim || shown.some(({ aims }) => aims.includes(target)) ? 0 : 1;
      }),
    );
    const small = spec.rows.filter(({ target }) => most(target) >= 0 && most(target) < LITTLE);
    write(little, small.length ? `Below 1 % even at the highest usual dose: ${small.map(({ label }) => label).join(", ")}.` : "");
    little.hidden = !small.length;
  };
  return {
    element: make("div", "lab-fingerprint", bars.element, little, make("p", "lab-scan-words", note(spec.error))),
    draw({ settings }) {
      arrange(settings);
      bars.update(
        sides.map((_, side) => {
          const medicine = drive.medicine(side, settings);
          const dose = drive.dose(side, settings);
          const letter = letterOf(drive, side);
          if (letter) bars.name(side, letter, capital(medicine.name), taken(dose));
          return spec.rows.map(({ target }): BarValue => {
            const { basis, bound } = medicine.targets[target] ?? {};
            const value = occupancy(medicine, target, dose);
            // Of next to nothing, and of what is only known to be less, it would say nothing.
            const error = basis === AFFINITY && !bound && value !== null && value >= LITTLE ? spec.error : undefined;
            return { value, basis, bound, error };
          });
        }),
      );
    },
  };
});
