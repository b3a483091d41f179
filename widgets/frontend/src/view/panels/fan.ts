/** Many people in time, run in the page's idle time once the controls rest. */
import { Fan } from "../../model/fan";
import { People } from "../../model/people";
import { InSlices } from "../../model/slices";
import { factorOf } from "../../session/frame";
import { comma, grouped, unitShown } from "../../words/numbers";
import { ANY_QUANTILES, fanWords } from "../../words/people";
import { clockAxis, hueStyle } from "../charts/kit";
import { FanChart } from "../charts/fan";
import { awaited, make, write } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

/** Enough for what a day or a tablet does in a chart of this width. */
const SAMPLES = 121;

export default panelKind("fan", "tail", (spec, lab) => {
  const { clock, models, outputs, runs } = lab.spec;
  const words = outputs[runs[0].model][spec.output];
  const title = make("figcaption", "lab-chart-title", `${words.title} in ${grouped(spec.n)} people${comma(unitShown(words))}`);
  title.id = `${lab.id}-fan`;
  const holder = make("div", "lab-plot");
  const told = awaited("lab-people-words", "Running everyone …", fanWords(ANY_QUANTILES, spec, words, 0));
  told.id = `${lab.id}-fan-words`;
  const element = make("figure", "lab-people lab-fan", title, holder, told);
  const times = Float64Array.from({ length: SAMPLES }, (_, i) => (clock.span * i) / (SAMPLES - 1));
  const { model } = lab.session.experiments[0];
  const crowd = new Fan(model, new People(model, spec), spec.output, times);
  const chart = new FanChart(holder, title.id, told.id, { ...clockAxis(clock, times), lead: 0 }, hueStyle(models[0].messenger.hue));
  const slices = new InSlices();
  let run = "";
  return {
    element,
    draw({ runs: [{ parameters }] }) {
      if (parameters.key === run) return;
      slices.cancel();
      element.toggleAttribute("data-stale", true);
      run = "";
    },
    rest({ runs: [{ parameters }] }) {
      if (parameters.key === run) return;
      run = parameters.key;
      for (const { name } of model.schedules) crowd.setSchedule(name, parameters.schedules.get(name) ?? null);
      crowd.begin(parameters.values);
      slices.start(
        (late) => crowd.work(late),
        () => {
          const factor = factorOf(words);
          const quantiles = crowd.quantiles().map((values) => values.map((value) => factor * value));
          chart.update(quantiles);
          write(told, fanWords(quantiles, spec, words, crowd.lost));
          element.removeAttribute("data-stale");
        },
      );
    },
    resize() {
      fit(holder, (width, by) => chart.resize(width, by));
    },
    destroy: () => slices.cancel(),
  };
});
