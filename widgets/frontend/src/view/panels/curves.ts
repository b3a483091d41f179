/** The large chart: one output of every run of the lab, in time. */
import type { Frame } from "../../session/frame";
import { guessShown } from "../../session/answer";
import type { LabSpec } from "../../spec/generated";
import { capital, comma, unitShown } from "../../words/numbers";
import { atRest } from "../../words/settings";
import { clockAxis, hueStyle } from "../charts/kit";
import { TimeChart } from "../charts/time-chart";
import { make } from "../dom";
import { fit } from "../letters";
import { panelKind, type Room } from "../panel";

/** Lines of several curves, told apart without a colour. */
const DASHES = [undefined, "9 5", "2 4.5", "12 4 2 4"];

export default panelKind("curves", "charts", (spec, lab) => {
  const { clock, models, outputs, runs } = lab.spec;
  const words = outputs[0][spec.output];
  const title = make("div", "lab-chart-title", spec.title + (words.relative ? ", % of baseline" : comma(unitShown(words))));
  title.id = `${lab.id}-main`;
  const holder = make("div", "lab-plot");
  const element = make("div", "lab-main", title, lab.alert, holder);
  const times = lab.session.opened.runs[0].times;
  const chart = new TimeChart(holder, title.id, clockAxis(clock, times), styles(lab.spec), words.relative);
  if (!words.relative && runs.length === 1) chart.compareWith(lab.session.opened.curve(0, spec.output).values);

  const paint = (frame: Frame, still: boolean) => {
    const curves = runs.map((_, k) => {
      const curve = frame.curve(k, spec.output);
      return { values: curve.values, times: curve.times, before: curve.before, label: curve.end };
    });
    chart.shade(frame.shade);
    chart.update(curves, marker(frame), guessShown(lab.session, frame), still);
  };
  // Of four curves the names and numbers at the right need more.
  const labelled = models.length > 1 ? models.length : runs.length;
  const height = (room: Room, width: number, by: number) => {
    if (room.phone) return window.innerHeight < 520 ? 140 : Math.max(184, 60 + 40 * labelled);
    const usual = spec.crowded ? 236 : Math.min(350, Math.max(250, 0.74 * width));
    // Beside the drawing it takes what is left of its height, so that both columns end together.
    const left = room.left(holder);
    return left === null ? usual : Math.round(Math.min(480, Math.max(spec.least, left / by)));
  };
  return {
    element,
    draw: (frame) => paint(frame, false),
    rest: (frame) => {
      if (chart.isLoose) paint(frame, true);
    },
    resize(room) {
      fit(holder, (width, by) => chart.resize(width, height(room, width, by), by), labelled > 1 ? 250 : 190);
    },
  };
});

function styles({ models, runs }: LabSpec) {
  const several = models.length > 1;
  const each = several
    ? models.map(({ messenger }) => hueStyle(messenger.hue, capital(messenger.name)))
    : runs.map(({ name }) => hueStyle(models[0].messenger.hue, name));
  return each.map((style, k) => ({ ...style, dash: DASHES[k % DASHES.length] }));
}

/** What stands where the change begins: the words of what was changed, if they agree. */
function marker({ settings, spec }: Frame): string {
  const changed = spec.controls.filter((control) => !atRest(control, settings[control.name]));
  const words = new Set(changed.map((control) => control.marker));
  return words.size === 1 ? [...words][0] : "change begins";
}
