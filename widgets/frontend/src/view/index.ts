/**
 * LabView's ES module: what anywidget calls to draw a lab, in the published page and in JupyterLab alike. No kernel is
 * asked for anything.
 */
import { DrugLab } from "./drug-lab";
import { Lab } from "./lab";
import { readSpec, type WidgetModel } from "./types";

interface RenderProps {
  model: WidgetModel;
  el: HTMLElement;
}

async function render({ model, el }: RenderProps): Promise<() => void> {
  el.classList.add("lab-root");
  const spec = readSpec(model);
  const lab = spec.medicines.length ? new DrugLab(model, spec, el) : new Lab(model, spec, el);
  // The box that holds the sliders takes this view in a moment after it was made.
  const gone = new AbortController();
  void lab.start(gone.signal);
  return () => {
    gone.abort();
    lab.destroy();
  };
}

export default { render };
