/** Small charts without axes: the shape and the end of some outputs of the first run. */
import type { Frame } from "../../session/frame";
import { clockAxis, hueStyle, type CurveStyle } from "../charts/kit";
import { SmallChart } from "../charts/small-chart";
import { make } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

const ENZYME: CurveStyle = { colour: "var(--ls-enzyme)", textColour: "var(--ls-enzyme)", name: "" };

export default panelKind("small", "charts", (spec, lab) => {
  const { clock, models, outputs } = lab.spec;
  const element = make("div", "lab-small");
  const time = clockAxis(clock, lab.session.opened.runs[0].times);
  const charts = spec.outputs.map((output, i) => {
    const caption = make("figcaption", "", outputs[0][output].short);
    caption.id = `${lab.id}-small-${i}`;
    const holder = make("div", "");
    element.append(make("figure", "", caption, holder));
    const style = output === "metabolite" ? ENZYME : hueStyle(models[0].messenger.hue);
    return { output, holder, chart: new SmallChart(holder, caption.id, time, style) };
  });
  const paint = ({ chart, output }: (typeof charts)[number], frame: Frame, still: boolean) => {
    const { end, relative, times, values } = frame.curve(0, output);
    chart.update({ label: end, times, values }, relative, still);
  };
  return {
    element,
    draw: (frame) => charts.forEach((each) => paint(each, frame, false)),
    rest: (frame) => charts.filter(({ chart }) => chart.isLoose).forEach((each) => paint(each, frame, true)),
    resize() {
      for (const { chart, holder } of charts) fit(holder, (width, by) => chart.resize(width, by), 130);
    },
  };
});
