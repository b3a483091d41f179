/** The synapse of the first run, drawn and moving in step with its numbers. */
import { numberOf } from "../../model/drives";
import type { Frame } from "../../session/frame";
import { make } from "../dom";
import { panelKind, type Surroundings } from "../panel";
import { createScene, type Scene } from "../scene/index";
import { pauseButton, watchPause } from "../scene/pause";

export default panelKind("scene", "above", (_, lab) => {
  const element = make("div", "lab-scene");
  // Of large letters on a phone the drawing is wider than its room.
  const scroller = make("div", "lab-scene-room");
  element.append(scroller);
  const scene = drawn(scroller, lab);
  const update = (frame: Frame) =>
    scene?.update({
      baseline: frame.runs[0].baseline,
      now: frame.runs[0].end,
      controls: Object.fromEntries(lab.spec.controls.map(({ name }) => [name, numberOf(frame.settings, name)])),
      locked: frame.locked,
      animate: true,
    });
  const button = pauseButton();
  if (scene) element.append(button.element);
  button.show();
  const unwatch = watchPause(button.show);
  return {
    element,
    draw: update,
    rest: update,
    resize: () => scene?.resize(),
    destroy() {
      unwatch();
      scene?.destroy();
    },
  };
});

/** Without its drawing the lab still answers. */
function drawn(element: HTMLElement, { spec }: Surroundings): Scene | null {
  const { autoreceptorSignal, constant, messenger } = spec.models[spec.runs[0].model];
  try {
    return createScene(element, {
      transmitter: messenger.hue,
      symbol: messenger.symbol,
      labels: { transmitter: messenger.name, precursor: messenger.precursor, metabolite: messenger.metabolite },
      transporter: messenger.transporter,
      enzyme: messenger.enzyme,
      constant,
      autoreceptorSignal,
    });
  } catch (error) {
    console.error("The synapse could not be drawn.", error);
    element.remove();
    return null;
  }
}
