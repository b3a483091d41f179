/** The solver against known answers; against SciPy and libRoadRunner it is run by tests/test_solver.py and test_parity.py. */
import { describe, expect, test } from "vitest";
import { loadModel, type LoadedModel } from "../src/model/module";
import { DEFAULT_TOLERANCES, Solver, type RunReport } from "../src/model/solver";
import { text } from "./models";

/** Run a model from its baseline with its own constants, but for what `change` sets. */
async function run(
  name: Parameters<typeof text>[0],
  times: number[],
  relative = DEFAULT_TOLERANCES.relative,
  change: (p: Float64Array) => void = () => {},
): Promise<{ report: RunReport; levels: Float64Array; model: LoadedModel }> {
  const model = await loadModel(text(name));
  const solver = new Solver(model, { ...DEFAULT_TOLERANCES, relative });
  const levels = new Float64Array(times.length * model.species.length);
  const p = Float64Array.from(model.parameters, (parameter) => parameter.value);
  change(p);
  return { report: solver.run(p, model.baseline, Float64Array.from(times), levels), levels, model };
}

const even = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

/** |found - expected| <= relative * |expected| */
function expectNear(found: number, expected: number, relative: number): void {
  expect(Math.abs(found - expected), `${found} against ${expected}`).toBeLessThanOrEqual(relative * Math.abs(expected));
}

test("Robertson's stiff reaction: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.10", async () => {
  const { report, levels } = await run("robertson", [0, 0.4, 40, 4e3, 4e5]);
  [0.98517, 3.3864e-5, 1.4794e-2].forEach((expected, i) => expectNear(levels[3 + i], expected, 1e-3));
  for (let row = 0; row < 5; row++) expectNear(levels[3 * row] + levels[3 * row + 1] + levels[3 * row + 2], 1, 1e-9);
  expect(report.steps).toBeLessThan(200);
});

test("ten thousand times less error costs about ten times the steps, as an error of order 4 promises; order 2: 100", async () => {
  const coarse = (await run("chase", [0, 20], 1e-4)).report.steps;
  const fine = (await run("chase", [0, 20], 1e-8)).report.steps;
  expect(fine / coarse).toBeGreaterThan(5);
  expect(fine / coarse).toBeLessThan(15);
});

test("dense output and explicit time", async () => {
  const times = even(0, 5, 301);
  const { levels } = await run("swing", times, 1e-6);
  const k = 50;
  // x' = -k (x - 2 - cos t), x(0) = 1
  const driven = (t: number) => 2 + (k * k * Math.cos(t) + k * Math.sin(t)) / (k * k + 1);
  times.forEach((t, i) => expectNear(levels[i], driven(t) + (1 - driven(0)) * Math.exp(-k * t), 3e-4));
});

test("amounts never fall below zero", async () => {
  const { levels } = await run("pump", even(0, 24, 400), undefined, (p) => (p[0] = 0));
  expect(Math.min(...levels)).toBeGreaterThanOrEqual(0);
});

describe("the steady state by Newton's method", () => {
  test("keeps what is conserved", async () => {
    const solver = new Solver(await loadModel(text("robertson")));
    const out = new Float64Array(3);
    if (solver.steadyState(Float64Array.from([0.04, 3e7, 1e4]), [0.5, 1e-5, 0.5], out, 24)) {
      expectNear(out[0] + out[1] + out[2], 1.00001, 1e-6);
    }
  });

  test.each([0, 0.5, 0.9, 0.99])("with the share %d of the pump blocked is where made equals pumped", async (blocked) => {
    const model = await loadModel(text("pump"));
    const end = new Float64Array(2);
    expect(new Solver(model).steadyState(Float64Array.from([2, 300, 0.1, blocked]), model.baseline, end, 24)).toBe(true);
    expectNear(end[0], (2 * 0.1) / (300 * (1 - blocked) - 2), 1e-6);
    expectNear(end[1], 2 * end[0], 1e-6);
  });

  test("of a level that grows for ever is none", async () => {
    const model = await loadModel(text("pump"));
    const settled = new Solver(model).steadyState(Float64Array.from([2, 300, 0.1, 1]), model.baseline, new Float64Array(2), 24);
    expect(settled).toBe(false);
  });
});

test.each([
  ["not a number", (p: Float64Array) => void (p[0] = NaN), "make"],
  ["infinite", (p: Float64Array) => void (p[1] = Infinity), "vmax"],
  ["a division by nothing", (p: Float64Array, model: LoadedModel) => void (p[2] = -model.baseline[0]), "gap"],
] as const)("nonsense is refused in words: %s", async (_, change, named) => {
  const model = await loadModel(text("pump"));
  const p = Float64Array.from([2, 300, 0.1, 0]);
  change(p, model);
  let refused: Error | null = null;
  try {
    new Solver(model).run(p, model.baseline, Float64Array.from([0, 24]), new Float64Array(4));
  } catch (error) {
    refused = error as Error;
  }
  expect(refused, "the solver drew nonsense").not.toBeNull();
  expect(refused!.name).toBe("SolverError");
  expect(refused!.message).toContain(named);
  expect(refused!.message).toContain("Reset");
  expect(refused!.message).toMatch(/\.$/);
});

test("too many steps are refused", async () => {
  const solver = new Solver(await loadModel(text("swing")), { ...DEFAULT_TOLERANCES, maximumSteps: 5 });
  const long = () => solver.run(Float64Array.from([50]), [1], Float64Array.from([0, 1000]), new Float64Array(2));
  expect(long).toThrow(/more than 5 steps/);
});

describe("a model's text", () => {
  test("is loaded once", async () => {
    const [first, again] = [loadModel(text("pump")), loadModel(text("pump"))];
    expect(first).toBe(again);
    expect(await first).toBe(await again);
  });

  test("that is incomplete is refused, and what it lacks is named", async () => {
    await expect(loadModel("export const name = 'x';")).rejects.toThrow("lacks timeUnit, species");
  });
});
