/** An output over the whole range of one constant: where it settles, or its value at once if it depends on constants alone. */
import type { Experiment, Parameters, Run } from "./experiment";

export interface ScanData {
  settings: Float64Array;
  /** NaN where nothing settles. */
  values: Float64Array;
}

const POINTS = 25;

export interface ScanOf {
  control: string;
  from: number;
  to: number;
  output: string;
  /** It depends on constants alone: no state has to be found. */
  atOnce: boolean;
}

/** The scan with the other constants as in `parameters`, of which `run`, if there is one, gives a state to begin with. */
export function scan(experiment: Experiment, { control, from, to, output, atOnce }: ScanOf, parameters: Parameters, run?: Run): ScanData {
  const points = atOnce ? 2 * POINTS - 1 : POINTS;
  const settings = Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const values = new Float64Array(points).fill(NaN);
  const at = experiment.placeOfConstant(control);
  const p = parameters.values.slice();
  if (atOnce) {
    settings.forEach((setting, i) => {
      p[at] = setting;
      values[i] = experiment.value(output, experiment.model.baseline, p);
    });
    return { settings, values };
  }
  // Each point starts from its neighbour's answer, outwards from the present setting.
  const start = run?.nearby ?? experiment.model.baseline;
  const present = p[at];
  let nearest = 0;
  settings.forEach((setting, i) => {
    if (Math.abs(setting - present) < Math.abs(settings[nearest] - present)) nearest = i;
  });
  const state = start.slice();
  const visit = (first: number, stop: number, step: number) => {
    state.set(start);
    for (let i = first; i !== stop; i += step) {
      p[at] = settings[i];
      if (experiment.settle({ values: p, schedules: parameters.schedules }, state, state)) values[i] = experiment.value(output, state, p);
      else state.set(start);
    }
  };
  visit(nearest, points, 1);
  visit(nearest - 1, -1, -1);
  return { settings, values };
}
