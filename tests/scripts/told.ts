/** The sentence that a lab of the book would show, for each of several settings of each of its models. */
import { Experiment } from "../../widgets/frontend/src/model/experiment";
import { loadModel } from "../../widgets/frontend/src/model/module";
import type { ControlSpec, OutputSpec } from "../../widgets/frontend/src/view/types";
import { findings } from "../../widgets/frontend/src/words/findings";
import { sentence } from "../../widgets/frontend/src/words/words";

interface Asked {
  /** The text of Model.to_javascript(). */
  model: string;
  outputs: Record<string, OutputSpec>;
  controls: ControlSpec[];
  /** The control that was moved last. */
  moved: string | null;
  values: Record<string, number>;
  span: number;
  timeUnit: string;
}

export default async function answer(request: Record<string, Asked>): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, { model, outputs, controls, moved, values, span, timeUnit }] of Object.entries(request)) {
    const experiment = new Experiment(await loadModel(model), span);
    for (const [control, value] of Object.entries(values)) experiment.set(control, value);
    const found = findings(experiment, experiment.run(), "extracellular", ["vesicular", "metabolite"], outputs, "");
    const last = controls.find((control) => control.name === moved) ?? null;
    told[name] = sentence({ moved: last, controls, values, span, timeUnit, findings: [found] });
  }
  return told;
}
