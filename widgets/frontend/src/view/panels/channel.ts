/** The GABA-A receptor of the first run, drawn; its chloride moves with the run's current. */
import type { Frame } from "../../session/frame";
import { caption } from "../channel/words";
import { createChannel } from "../channel/index";
import { read, type Reading } from "../channel/quantities";
import { make } from "../dom";
import { panelKind } from "../panel";
import { pauseButton, watchPause } from "../scene/pause";
import type { Picture } from "../scene/picture";

export default panelKind("channel", "above", (_, { spec }) => {
  // Of large letters on a phone the drawing is wider than its room.
  const scroller = make("div", "lab-scene-room");
  const words = make("p", "lab-channel-words");
  const element = make("div", "lab-scene lab-channel", scroller, words);
  const { messenger } = spec.models[spec.runs[0].model];
  const opener = spec.controls.some(({ name }) => name === "barbiturate");
  const button = pauseButton();
  element.append(button.element);
  button.show();
  const unwatch = watchPause(button.show);
  let picture: Picture<Reading> | null = null;
  return {
    element,
    draw(frame) {
      const reading = readingOf(frame);
      picture ??= createChannel(scroller, { hue: messenger.hue, transporter: messenger.transporter, opener }, reading);
      picture.update(reading, { locked: frame.locked, animate: true });
      const said = caption(reading);
      if (words.textContent !== said) words.textContent = said;
    },
    resize: () => picture?.resize(),
    destroy() {
      unwatch();
      picture?.destroy();
    },
  };
});

/** What is drawn of the first run. */
function readingOf(frame: Frame): Reading {
  const run = frame.runs[0];
  const { values } = run.parameters;
  const { parameters } = run.model;
  return read({
    times: run.times,
    series: (output) => run.series(output),
    constant: (name) => values[parameters.findIndex((each) => each.name === name)],
    resting: run.baseline.reuptake,
  });
}
