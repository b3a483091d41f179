/** The same change in many people whose constants differ, settled in the page's idle time. */
import { InSlices, Population, summary } from "../../model/population";
import { grouped } from "../../words/numbers";
import { ANYBODY, peopleWords } from "../../words/people";
import { hueStyle } from "../charts/kit";
import { PeopleChart } from "../charts/people";
import { awaited, make, write } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

export default panelKind("people", "tail", (spec, lab) => {
  const { clock, controls, models, outputs } = lab.spec;
  const title = make("figcaption", "lab-chart-title", `The same change in ${grouped(spec.n)} people`);
  title.id = `${lab.id}-people`;
  const holder = make("div", "lab-plot");
  const { noun } = outputs[0][spec.output];
  const words = awaited("lab-people-words", "Settling everyone …", peopleWords(ANYBODY, spec, noun));
  words.id = `${lab.id}-people-words`;
  const element = make("figure", "lab-people", title, holder, words);
  const shared = controls.map(({ name }) => name);
  const crowd = new Population(lab.session.experiments[0].model, spec, shared, spec.output, clock.span);
  const chart = new PeopleChart(holder, title.id, words.id, hueStyle(models[0].messenger.hue));
  const slices = new InSlices();
  let settled = "";
  return {
    element,
    draw({ runs: [{ parameters }] }) {
      // Something moves: the people drawn are those of other settings.
      if (parameters.key === settled) return;
      slices.cancel();
      element.toggleAttribute("data-stale", true);
      settled = "";
    },
    rest({ runs: [{ parameters }] }) {
      if (parameters.key === settled) return;
      settled = parameters.key;
      crowd.begin(parameters.values);
      slices.start(
        (late) => crowd.work(late),
        () => {
          const found = summary(crowd.folds);
          if (found) chart.update(found);
          write(words, peopleWords(found, spec, noun));
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
