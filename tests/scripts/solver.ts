/** Runs generated models with the page's own solver, and evaluates their functions at given points. */
import { loadModel } from "../../widgets/frontend/src/model/module";
import { DEFAULT_TOLERANCES, Solver, type Calendar, type RunReport } from "../../widgets/frontend/src/model/solver";

interface Request {
  /** Name -> the text of Model.to_javascript(). */
  models: Record<string, string>;
  /** Times, and for each run its constants and its schedules; no constants: one run with the model's own. */
  runs: Record<string, Asked>;
  points?: Record<string, { y: number[]; p: number[] }[]>;
}

interface Asked {
  times: number[];
  p?: number[][];
  calendars?: Record<string, Calendar | null>[];
  /** Schedules that are none: what does the page say of each? */
  refused?: [schedule: string, calendar: Calendar][];
  relative?: number;
}

interface Answer {
  /** Levels of each run, row by row (a row is a moment). */
  runs: Record<string, number[][]>;
  reports: Record<string, RunReport[]>;
  points: Record<string, { rhs: number[]; jacobian: number[]; observe: number[] }[]>;
  refused: Record<string, (string | null)[]>;
  /** Median time of a run. */
  milliseconds: Record<string, number>;
}

export default async function answer(request: Request): Promise<Answer> {
  const found: Answer = { runs: {}, reports: {}, points: {}, refused: {}, milliseconds: {} };
  for (const [name, text] of Object.entries(request.models)) {
    const model = await loadModel(text);
    const n = model.species.length;
    found.points[name] = (request.points?.[name] ?? []).map(({ y, p }) => {
      const rhs = new Float64Array(n).fill(NaN);
      const jacobian = new Float64Array(n * n).fill(NaN);
      const observe = new Float64Array(model.assignments.length + model.reactions.length).fill(NaN);
      const levels = Float64Array.from(y);
      const constants = Float64Array.from(p);
      model.rhs(0, levels, constants, rhs);
      model.jacobian(0, levels, constants, jacobian);
      model.observe(0, levels, constants, observe);
      return { rhs: [...rhs], jacobian: [...jacobian], observe: [...observe] };
    });

    const { calendars, times, p, refused, relative } = request.runs[name];
    const solver = new Solver(model, { ...DEFAULT_TOLERANCES, ...(relative === undefined ? {} : { relative }) });
    const at = Float64Array.from(times);
    const out = new Float64Array(at.length * n);
    const spent: number[] = [];
    found.reports[name] = [];
    found.runs[name] = (p ?? [model.parameters.map(({ value }) => value)]).map((values, draw) => {
      for (const [schedule, calendar] of Object.entries(calendars?.[draw] ?? {})) solver.setSchedule(schedule, calendar);
      const constants = Float64Array.from(values);
      const start = performance.now();
      const report = solver.run(constants, model.baseline, at, out);
      spent.push(performance.now() - start);
      // A copy: the solver may use its report again.
      found.reports[name].push({ ...report });
      return [...out];
    });
    found.refused[name] = (refused ?? []).map(([schedule, calendar]) => {
      try {
        solver.setSchedule(schedule, calendar);
        return null;
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    });
    found.milliseconds[name] = spent.sort((a, b) => a - b)[spent.length >> 1];
  }
  return found;
}
