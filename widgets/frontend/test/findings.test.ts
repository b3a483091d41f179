/** From one run to what the sentence may speak of. */
import { expect, test } from "vitest";
import { Experiment } from "../src/model/experiment";
import { loadModel } from "../src/model/module";
import type { OutputSpec } from "../src/spec/generated";
import { findings, furthest } from "../src/words/findings";
import { text } from "./models";

const GAP: OutputSpec = { title: "Gap", short: "gap", noun: "the gap", unit: "µM", relative: true };

test("levels and rates are multiples of what they were at rest", async () => {
  const experiment = new Experiment(await loadModel(text("pump")), 24);
  const found = findings(experiment.run(experiment.parameters({ blocked: 0.5 })), "gap", ["store"], { gap: GAP, store: { ...GAP, noun: "the store" } }, "");
  expect(found.noun).toBe("the gap");
  expect(found.settles).toBe(true);
  expect(found.settled).toBeCloseTo(298 / 148, 6);
  expect(found.end).toBeCloseTo(298 / 148, 3);
  expect(found.peak).toBeGreaterThanOrEqual(found.end! - 1e-9);
  expect(found.rates.pumped.rest).toBeCloseTo(2, 6);
  expect(found.others.map(({ output }) => output.noun)).toEqual(["the store"]);
  expect([found.brake, found.stores, found.lowest], "the model has none of these").toEqual([undefined, undefined, undefined]);
});

test("an output drawn in its own unit is not compared with rest", async () => {
  const experiment = new Experiment(await loadModel(text("pump")), 24);
  const found = findings(experiment.run(experiment.parameters()), "gap", [], { gap: { ...GAP, relative: false } }, "0.7 nM");
  expect([found.end, found.amount]).toEqual([null, "0.7 nM"]);
});

test("furthest is where a run is furthest from its first value", () => {
  expect(furthest(Float64Array.from([1, 3, -4, 2]))).toBe(2);
  expect(furthest(Float64Array.from([1]))).toBe(0);
});
