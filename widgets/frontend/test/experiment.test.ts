/** One model under one set of settings: run, settled state, scan, table, and another run in between. */
import { beforeEach, describe, expect, test } from "vitest";
import { Experiment, type Outcome } from "../src/model/experiment";
import { loadModel } from "../src/model/module";
import { text } from "./models";

describe("a pump of which four fifths are blocked", () => {
  let experiment: Experiment;
  let outcome: Outcome;
  beforeEach(async () => {
    experiment = new Experiment(await loadModel(text("pump")), 24);
    experiment.set("blocked", 0.8);
    outcome = experiment.run();
  });

  test("settles where made equals pumped", () => {
    expect(outcome.settles).toBe(true);
    expect(experiment.baseline.pumped).toBeCloseTo(2, 6);
    expect(outcome.settled.gap / (0.2 / 58)).toBeCloseTo(1, 6);
  });

  test("is scanned over the whole range, with a gap where nothing settles and not a guess", () => {
    const { settings, values } = experiment.scan("blocked", 0, 1, "gap");
    expect(settings).toHaveLength(25);
    expect(values[24]).toBeNaN();
    for (let i = 0; i < 24; i++) expect(values[i] / (0.2 / (300 * (1 - settings[i]) - 2))).toBeCloseTo(1, 6);
    expect(experiment.get("blocked"), "the present setting stays").toBe(0.8);
  });

  test("has its numbers in a table and in a series", () => {
    const [gap, ratio] = experiment.tabulate(["gap", "ratio"], Float64Array.from({ length: 25 }, (_, i) => i));
    expect(gap[24] / outcome.end.gap).toBeCloseTo(1, 3);
    expect(ratio[0]).toBeCloseTo(2, 6);
    expect(experiment.series("ratio", new Float64Array(experiment.times.length))[0]).toBeCloseTo(2, 6);
  });

  test("is run under other settings without being disturbed", () => {
    expect(experiment.endUnder({ blocked: 0.5 }, "gap").settled / (0.2 / 148)).toBeCloseTo(1, 6);
    expect(experiment.get("blocked")).toBe(0.8);
  });

  test("has no constant of a mistyped name", () => {
    expect(() => experiment.set("blockd", 1)).toThrow("blockd");
  });
});
