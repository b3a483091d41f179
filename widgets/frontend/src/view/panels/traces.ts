/** Outputs of the first run in their own unit, each with the run that the lab opened with as its ghost. */
import type { Frame } from "../../session/frame";
import { furthest } from "../../words/findings";
import { comma, inOwnUnit, unitShown } from "../../words/numbers";
import { clockAxis, hueStyle } from "../charts/kit";
import { TraceChart } from "../charts/traces";
import { make } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

export default panelKind("traces", "charts", (spec, lab) => {
  const { clock, models, outputs } = lab.spec;
  const { opened } = lab.session;
  const element = make("div", "lab-traces");
  const charts = spec.outputs.map((output, i) => {
    const words = outputs[0][output];
    const caption = make("figcaption", "", `${words.title}${comma(unitShown(words))}`);
    caption.id = `${lab.id}-trace-${i}`;
    const holder = make("div", "");
    element.append(make("figure", "", caption, holder));
    const time = clockAxis(clock, opened.runs[0].times);
    const before = opened.curve(0, output).values;
    return { output, words, holder, chart: new TraceChart(holder, caption.id, time, hueStyle(models[0].messenger.hue), before) };
  });
  const paint = ({ chart, output, words }: (typeof charts)[number], frame: Frame, still: boolean) => {
    const curve = frame.curve(0, output);
    const far = curve.values[furthest(curve.values)];
    chart.update(curve, far, inOwnUnit(words, far), still);
  };
  return {
    element,
    draw: (frame) => charts.forEach((each) => paint(each, frame, false)),
    rest: (frame) => charts.filter(({ chart }) => chart.isLoose).forEach((each) => paint(each, frame, true)),
    resize() {
      for (const { chart, holder } of charts) fit(holder, (width, by) => chart.resize(width, by));
    },
  };
});
