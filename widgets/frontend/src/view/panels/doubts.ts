/** What doubtful constants do, worked out in idle time once the controls rest: a band round the curve, and words. */
import { Doubts } from "../../model/doubts";
import { InSlices } from "../../model/slices";
import { factorOf, type Frame } from "../../session/frame";
import { ANY_BAND, doubtWords } from "../../words/doubts";
import { awaited, button, make, write } from "../dom";
import { panelKind } from "../panel";

export default panelKind("doubts", "tail", (spec, lab) => {
  const { session } = lab;
  const [{ model }] = session.experiments;
  const output = lab.spec.outputs[lab.spec.runs[0].model][spec.output];
  const { relative } = output;
  const scale = relative ? 100 : factorOf(output);
  const count = new Set(spec.doubts.map(({ meaning }) => meaning)).size;
  const at = (times: Float64Array) => new Doubts(model, spec.doubts, spec.output, times, relative);
  const words = awaited("lab-doubt-words", "Trying every doubtful constant \u2026", doubtWords(ANY_BAND, count, output, scale));
  const slices = new InSlices();
  let work = at(session.opened.runs[0].times);
  let tried = "";
  let shown = true;

  const finish = (frame: Frame) => {
    const { key } = frame.runs[0].parameters;
    const own = frame.curve(0, spec.output).values;
    const band = work.band(own.map((value) => value / scale));
    const drawn = (values: Float64Array) => values.map((value) => value * scale);
    session.shade(key, band && { low: drawn(band.low), high: drawn(band.high) });
    write(words, doubtWords(band, count, output, scale));
    lab.repaint();
  };
  const rest = (frame: Frame) => {
    const [run] = frame.runs;
    const { key, schedules, values } = run.parameters;
    if (!shown || key === tried) return;
    tried = key;
    // A run in which things happen at moments is sampled otherwise.
    if (run.times !== work.times) work = at(run.times);
    for (const { name } of model.schedules) work.fan.setSchedule(name, schedules.get(name) ?? null);
    work.fan.begin(values);
    slices.start(
      (late) => work.fan.work(late),
      () => finish(frame),
    );
  };
  const toggle = button("Doubtful constants", () => {
    shown = !shown;
    toggle.setAttribute("aria-pressed", String(shown));
    words.hidden = !shown;
    slices.cancel();
    tried = "";
    session.shade("", null);
    lab.repaint();
    const frame = lab.frame();
    if (frame) rest(frame);
  });
  toggle.setAttribute("aria-pressed", "true");
  return {
    element: make("div", "lab-doubts", toggle, words),
    draw() {},
    rest,
    destroy: () => slices.cancel(),
  };
});
