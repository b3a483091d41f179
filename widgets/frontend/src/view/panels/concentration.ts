/** The concentration in blood over the first days of daily tablets. */
import type { Frame } from "../../session/frame";
import { round, THIN } from "../../words/numbers";
import { PairChart } from "../charts/pair-chart";
import { figure, write } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";
import { lettered, medicinesOf, sideStyles } from "../sides";

export default panelKind("concentration", "charts", (spec, lab) => {
  const drive = medicinesOf(lab.session);
  const { element, caption, holder } = figure(`${lab.id}-blood`, "", "lab-blood");
  const experiments = spec.runs.map((run) => lab.session.experiments[run]);
  const { span } = experiments[0];
  const times = lab.session.opened.runs[spec.runs[0]].times;
  const time = { times, lead: 0, span, factor: 1 / 24, unit: "day", words: "days of tablets" };
  const chart = new PairChart(holder, caption.id, time, sideStyles(drive, "ink", "ink"), false);

  const paint = ({ runs, settings }: Frame, still: boolean) => {
    const medicines = spec.runs.map((_, side) => drive.medicine(side, settings));
    // Concentrations where they are known for all that is shown; otherwise each in % of its own steady mean.
    const known = medicines.every(({ concentration }) => concentration !== null);
    // The model's tablets of 1 mg are scaled so that the mean of the steady state is the one measured.
    const curves = spec.runs.map((place, side) => {
      const { parameters } = runs[place];
      const dose = drive.dose(side, settings);
      const level = known ? (medicines[side].concentration ?? 0) * dose : dose > 0 ? 100 : 0;
      const scale = level / experiments[side].atOnce("steady_mean", parameters);
      return { times: runs[place].times, values: runs[place].series("concentration").map((value) => value * scale) };
    });
    write(caption, `In the blood, one tablet a day, ${known ? "ng/ml" : "% of its own steady mean"}`);
    const words = curves.map(({ values }, side) => {
      const mean = known ? meanOfLastDay(values, spec.days) : values[values.length - 1];
      return lettered(drive, side, known ? `mean ${round(mean, 3)}` : `${round(mean, 3)}${THIN}%`);
    });
    chart.update(curves, words, still);
  };
  return {
    element,
    draw: (frame) => paint(frame, false),
    rest: (frame) => {
      if (chart.isLoose) paint(frame, true);
    },
    resize({ phone }) {
      fit(holder, (width, by) => chart.resize(width, phone ? 150 : 190, by));
    },
  };
});

function meanOfLastDay(values: Float64Array, days: number): number {
  const from = Math.floor((values.length - 1) * (1 - 1 / days));
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += values[i];
  return sum / (values.length - from);
}
