/**
 * LabView's ES module: what anywidget calls to draw a lab, in the published page and in JupyterLab alike. No kernel is
 * asked for anything.
 */
import kinds from "found:panels";
import { readSpec, SpecError } from "../spec/read";
import type { WidgetModel } from "./controls";
import { make } from "./dom";
import { Lab } from "./lab";
import type { Drawers } from "./memory";

interface RenderProps {
  model: WidgetModel;
  el: HTMLElement;
  /** Where a published page keeps what the reader did; without a kernel's memory there is no other. */
  drawers?: Drawers;
}

const NOTHING = "This lab could not be drawn.";

/** `el` says that it is drawn in `data-drawn`: nothing more, or why there is no picture. */
async function render({ model, el, drawers }: RenderProps): Promise<() => void> {
  el.classList.add("lab-root");
  const gone = new AbortController();
  let lab: Lab | null = null;
  try {
    const spec = readSpec(model.get("spec"), kinds.map(({ kind }) => kind));
    // The box that holds the sliders takes this view in a moment after it was made.
    void boxOf(el, gone.signal).then((box) => {
      if (!box) return;
      const made = (lab = new Lab(model, spec, kinds, el, box, drawers));
      void made.start(gone.signal).then(() => (el.dataset.drawn = made.frame() ? "" : made.alert.textContent || NOTHING));
    });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    refuse(el, error.message);
  }
  return () => {
    gone.abort();
    lab?.destroy();
  };
}

/** The VBox around this view and its sliders; a LabView shown on its own is its own box. */
async function boxOf(el: HTMLElement, gone: AbortSignal): Promise<HTMLElement | null> {
  for (let tries = 0; tries < 300 && !gone.aborted; tries++) {
    const box = el.closest<HTMLElement>(".synapse-lab");
    if (box) return box;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (gone.aborted) return null;
  el.classList.add("synapse-lab");
  return el;
}

/** A lab that this page cannot draw says so in its place. */
function refuse(el: HTMLElement, words: string): void {
  const alert = make("div", "lab-alert", words);
  alert.setAttribute("role", "alert");
  el.replaceChildren(alert);
  el.dataset.drawn = words;
}

export default { render };
