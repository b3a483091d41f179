/** The synapse of the first run, drawn and moving in step with its numbers. */
import { numberOf } from "../../model/drives";
import type { Frame } from "../../session/frame";
import { make } from "../dom";
import { panelKind, type Surroundings } from "../panel";
import { createScene, type Scene } from "../scene/index";

export default panelKind("scene", "above", (_, lab) => {
  const element = make("div", "lab-scene");
  const scene = drawn(element, lab);
  const update = (frame: Frame) =>
    scene?.update({
      baseline: frame.runs[0].baseline,
      now: frame.runs[0].end,
      controls: Object.fromEntries(lab.spec.controls.map(({ name }) => [name, numberOf(frame.settings, name)])),
      locked: frame.locked,
      animate: !lab.calm.matches,
    });
  const onMotion = () => {
    const frame = lab.frame();
    if (frame) update(frame);
  };
  lab.calm.addEventListener("change", onMotion);
  return {
    element,
    draw: update,
    rest: update,
    destroy() {
      lab.calm.removeEventListener("change", onMotion);
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
    element.hidden = true;
    return null;
  }
}
