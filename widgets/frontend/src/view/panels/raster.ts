/** A tick for each time that something happened, above those of the run that the lab opened with. */
import { moments } from "../../model/moments";
import type { Frame } from "../../session/frame";
import { clockAxis, hueStyle } from "../charts/kit";
import { RasterChart } from "../charts/traces";
import { make } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

export default panelKind("raster", "charts", (spec, lab) => {
  const { clock, models, outputs } = lab.spec;
  const { opened } = lab.session;
  const found = ({ runs: [run] }: Frame) => moments(run.times, run.series(spec.output));
  const title = make("div", "lab-chart-title", outputs[0][spec.output].title);
  title.id = `${lab.id}-raster`;
  const holder = make("div", "lab-plot");
  const time = clockAxis(clock, opened.runs[0].times);
  const chart = new RasterChart(holder, title.id, time, hueStyle(models[0].messenger.hue), found(opened));
  return {
    element: make("div", "lab-raster", title, holder),
    draw: (frame) => chart.update(found(frame)),
    resize() {
      fit(holder, (width, by) => chart.resize(width, by));
    },
  };
});
