/** Where an output settles over a control's whole range, with a dot at the present setting and published values. */
import { numberOf } from "../../model/drives";
import { scan, type ScanData } from "../../model/scan";
import type { Frame } from "../../session/frame";
import { factorOf } from "../../session/frame";
import { SpecError, type NumberControl } from "../../spec/read";
import type { Point } from "../../spec/generated";
import { clean, comma, inOwnUnit, percentOf, round, THIN, unitShown } from "../../words/numbers";
import { hueStyle } from "../charts/kit";
import { ScanChart } from "../charts/scan-chart";
import { make } from "../dom";
import { fit } from "../letters";
import { panelKind } from "../panel";

export default panelKind("scan", "charts", (spec, lab) => {
  const { controls, main, models, outputs } = lab.spec;
  const control = controls.find((each): each is NumberControl => each.name === spec.control && each.kind === "number");
  if (!control) throw new SpecError(`“${spec.control}” is no slider of this lab: a scan needs one.`);
  const [experiment] = lab.session.experiments;
  const words = outputs[0][spec.output];
  const kind = words.relative ? "relative" : words.unit === "percent" ? "percent" : "own";
  const factor = words.relative ? 100 / experiment.baseline[spec.output] : factorOf(words);
  const title = make(
    "div",
    "lab-chart-title",
    spec.output === main
      ? `Where it settles, ${kind === "relative" ? "% of baseline" : unitShown(words)}`
      : `${words.title}${kind === "relative" ? ", % of baseline" : comma(unitShown(words))}`,
  );
  title.id = `${lab.id}-scan`;
  const holder = make("div", "lab-plot");
  const element = make("div", "lab-scan", title, holder, ...(spec.points.length ? [pointWords(spec.points)] : []));
  const chart = new ScanChart(
    holder,
    title.id,
    control.minimum,
    control.maximum,
    (value) => (control.unit === "percent" ? `${round(100 * value, 3)}` : String(clean(value * control.scale))),
    [control.label, { percent: "%", times: "times normal" }[control.unit] ?? control.unit].filter(Boolean).join(", "),
    hueStyle(models[0].messenger.hue),
    kind,
    spec.points,
  );

  const of = { control: spec.control, from: control.minimum, to: control.maximum, output: spec.output, atOnce: spec.atOnce };
  const shown = (data: ScanData): ScanData => ({ settings: data.settings, values: data.values.map((value) => factor * value) });
  const rest = shown(scan(experiment, of, lab.session.parameters(0, lab.session.rest)));
  let now = rest;
  let key = "";
  const paint = (frame: Frame, still: boolean) => {
    const [run] = frame.runs;
    // The other settings decide; where this control stands does not.
    const others = controls.filter(({ name }) => name !== spec.control).map(({ name }) => frame.settings[name]);
    if (key !== (key = JSON.stringify(others))) now = shown(scan(experiment, of, run.parameters, run));
    const value = spec.atOnce ? experiment.atOnce(spec.output, run.parameters) : run.settles ? run.settled[spec.output] : NaN;
    const level = value * factor;
    const label = words.relative ? percentOf(level / 100) : inOwnUnit(words, level);
    chart.update(rest, now, numberOf(frame.settings, spec.control), level, label, still);
  };
  return {
    element,
    draw: (frame) => paint(frame, false),
    rest: (frame) => {
      if (chart.isLoose) paint(frame, true);
    },
    resize({ phone }) {
      fit(holder, (width, by) => chart.resize(width, phone ? 180 : 166, by));
    },
  };
});

/** What the open circles are: each place once, with all that was found there. */
function pointWords(points: readonly Point[]): HTMLElement {
  const words = [...new Set(points.map((point) => `${point.words}: ${round(point.y, 3)}${THIN}%`))];
  return make("p", "lab-scan-words", `Open circles, published: ${words.join("; ")}.`);
}
