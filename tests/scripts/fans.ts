/** Runs people in time as the page does: their courses, and the quantiles of the fan. */
import { Fan } from "../../widgets/frontend/src/model/fan";
import { People } from "../../widgets/frontend/src/model/people";
import { loadModel } from "../../widgets/frontend/src/model/module";
import type { PopulationSpec } from "../../widgets/frontend/src/model/population";
import { Settling } from "../../widgets/frontend/src/model/settling";
import type { Calendar } from "../../widgets/frontend/src/model/solver";

interface Asked {
  /** The text of Model.to_javascript(). */
  model: string;
  horizon: number;
  spec: PopulationSpec;
  output: string;
  times: number[];
  /** One fan each: constants that are set for everybody, and schedules. */
  settings: Record<string, number>[];
  calendars: Record<string, Calendar | null>[];
}

interface Found {
  constants: number[][];
  /** Of each person. */
  courses: number[][];
  /** Of each share. */
  quantiles: number[][];
  lost: number;
  milliseconds: number;
}

export default async function answer(request: Asked): Promise<Found[]> {
  const { calendars, horizon, model: text, output, settings, spec, times } = request;
  const model = await loadModel(text);
  const settling = new Settling(model, horizon);
  const everybody = new People(model, spec);
  const crowd = new Fan(model, everybody, output, Float64Array.from(times));
  const everyone = Array.from({ length: spec.n }, (_, person) => person);
  return settings.map((each, i) => {
    const p = settling.defaults();
    for (const [constant, value] of Object.entries(each)) p[settling.indexOf(constant)] = value;
    for (const [schedule, calendar] of Object.entries(calendars[i])) crowd.setSchedule(schedule, calendar);
    crowd.begin(p);
    const start = performance.now();
    while (!crowd.work(() => true));
    const quantiles = crowd.quantiles().map((row) => [...row]);
    const milliseconds = performance.now() - start;
    return {
      constants: everyone.map((person) => [...crowd.constants(person)]),
      courses: everyone.map((person) => [...crowd.courses.subarray(person * times.length, (person + 1) * times.length)]),
      quantiles,
      lost: crowd.lost,
      milliseconds,
    };
  });
}
