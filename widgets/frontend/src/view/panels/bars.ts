/** Fractions at the end of the first run, each with a mark where the run that the lab opened with ended. */
import { Bars } from "../charts/bars";
import { make } from "../dom";
import { panelKind } from "../panel";

export default panelKind("bars", "charts", (spec, lab) => {
  const before = lab.session.opened.runs[0].end;
  const bars = new Bars(spec.title, spec.bars, 1);
  return {
    element: make("div", "lab-bars-holder", bars.element),
    draw({ runs: [{ end }] }) {
      bars.update([spec.bars.map(({ output }) => ({ value: end[output], ghost: before[output] }))]);
    },
  };
});
