/** One model under one set of settings: run, settled state, scan, table, and another run in between. */
import { beforeEach, describe, expect, test } from "vitest";
import { Experiment, type Run } from "../src/model/experiment";
import { loadModel } from "../src/model/module";
import { scan } from "../src/model/scan";
import { text } from "./models";

const ROWS = [0, 6, 13.3, 24];

describe("a pump of which four fifths are blocked", () => {
  let experiment: Experiment;
  let run: Run;
  beforeEach(async () => {
    experiment = new Experiment(await loadModel(text("pump")), 24, {}, ROWS);
    run = experiment.run(experiment.parameters({ blocked: 0.8 }));
  });

  test("settles where made equals pumped", () => {
    expect(run.settles).toBe(true);
    expect(experiment.baseline.pumped).toBeCloseTo(2, 6);
    expect(run.settled.gap / (0.2 / 58)).toBeCloseTo(1, 6);
  });

  test("is scanned over the whole range, with a gap where nothing settles and not a guess", () => {
    const of = { control: "blocked", from: 0, to: 1, output: "gap", atOnce: false };
    const before = run.parameters.values.slice();
    const { settings, values } = scan(experiment, of, run.parameters, run);
    expect(settings).toHaveLength(25);
    expect(values[24]).toBeNaN();
    for (let i = 0; i < 24; i++) expect(values[i] / (0.2 / (300 * (1 - settings[i]) - 2))).toBeCloseTo(1, 6);
    expect(run.parameters.values, "the present setting stays").toEqual(before);
  });

  test("has its numbers in a table and in a series", () => {
    const [gap, ratio] = experiment.tabulate(run.parameters, ["gap", "ratio"], Float64Array.from({ length: 25 }, (_, i) => i));
    expect(gap[24] / run.end.gap).toBeCloseTo(1, 3);
    expect(ratio[0]).toBeCloseTo(2, 6);
    expect(run.series("ratio")[0]).toBeCloseTo(2, 6);
  });

  test("is sampled at the rows of a table too, so that nothing is run again for it", () => {
    const [again] = experiment.tabulate(run.parameters, ["gap"], Float64Array.from(ROWS));
    const rows = run.atRows("gap");
    expect(rows).toHaveLength(ROWS.length);
    ROWS.forEach((_, i) => expect(rows[i] / again[i]).toBeCloseTo(1, 4));
  });

  test("is run under other settings without being disturbed", () => {
    const end = run.end.gap;
    expect(experiment.endUnder({ blocked: 0.5 }, "gap").settled / (0.2 / 148)).toBeCloseTo(1, 6);
    expect(run.end.gap).toBe(end);
    expect(run.series("gap").at(-1)).toBe(end);
  });

  test("has no constant of a mistyped name", () => {
    expect(() => experiment.parameters({ blockd: 1 })).toThrow("blockd");
  });
});
