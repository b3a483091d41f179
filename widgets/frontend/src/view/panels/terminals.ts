/** What follows at several terminals: one chart each, one curve in it for each side. */
import type { Frame } from "../../session/frame";
import { capital, percentOf } from "../../words/numbers";
import { clockAxis } from "../charts/kit";
import { PairChart, ROOM_FOR_AXES } from "../charts/pair-chart";
import { figure, make, write } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";
import { lettered, medicinesOf, named, sideStyles } from "../sides";

export default panelKind("terminals", "below", (spec, lab) => {
  const drive = medicinesOf(lab.session);
  const { clock, models, runs } = lab.spec;
  const title = make("div", "lab-chart-title", spec.title);
  title.id = `${lab.id}-main`;
  const legends = drive.spec.sides.map((_, side) => {
    const legend = make("span", "lab-legend");
    legend.dataset.side = String(side);
    return legend;
  });
  const row = make("div", "lab-terminals");
  const charts = spec.runs.map((places, k) => {
    const { hue, name } = models[runs[places[0]].model].messenger;
    const made = figure(`${lab.id}-terminal-${k}`, `${capital(name)}, % of rest`);
    row.append(made.element);
    const time = clockAxis(clock, lab.session.opened.runs[places[0]].times, `${clock.unit}s`);
    return { places, holder: made.holder, chart: new PairChart(made.holder, made.caption.id, time, sideStyles(drive, hue, `${hue}-text`), true) };
  });
  const paint = ({ chart, places }: (typeof charts)[number], frame: Frame, still: boolean) => {
    const curves = places.map((place) => frame.curve(place, spec.output));
    const words = curves.map(({ values }, side) => lettered(drive, side, percentOf(values[values.length - 1] / 100)));
    chart.update(curves, words, still);
  };
  return {
    element: make("div", "lab-main lab-follows", title, make("div", "lab-legends", ...legends), lab.alert, row),
    draw(frame) {
      legends.forEach((legend, side) => write(legend, named(drive, side, frame.settings)));
      charts.forEach((each) => paint(each, frame, false));
    },
    rest: (frame) => charts.filter(({ chart }) => chart.isLoose).forEach((each) => paint(each, frame, true)),
    resize() {
      // On a phone they stand side by side in small, so that they stay in view over the sliders.
      for (const { chart, holder } of charts) {
        fit(holder, (width, by) => chart.resize(width, width < ROOM_FOR_AXES ? 108 : 176, by), ROOM_FOR_AXES);
      }
    },
  };
});
