/** From a run to what the drawn receptor shows; that it then shows it is tested in a browser, test_channel.py. */
import { describe, expect, test } from "vitest";
import { placeOf } from "../src/view/channel/ions";
import { layoutFor } from "../src/view/channel/layout";
import { chlorideInside, ionRate, mean, PASSAGE, poreHalf, read, stillAt, underway, wayOf } from "../src/view/channel/quantities";
import { subunit } from "../src/view/channel/receptor";
import { caption, describe as inWords, flowWords, poreWords, pumpWords } from "../src/view/channel/words";

const TIMES = [0, 1, 2, 4];
const LEVELS: Record<string, number[]> = {
  cleft: [1, 0, 0, 0],
  extracellular: [0.0002, 0.0002, 0.0002, 0.0002],
  gaba_a_open: [0, 0.8, 0.4, 0],
  i_gaba_a: [0, 80, 40, 0],
  reuptake: [1, 1, 1, 1],
};
const reading = (constants: Record<string, number> = {}, levels = LEVELS) =>
  read({ times: TIMES, series: (output) => levels[output], constant: (name) => constants[name], resting: 2 });
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("means", () => {
  test("over times that are not even", () => expect(mean(TIMES, [0, 80, 40, 0])).toBe((40 + 60 + 40) / 4));
  test("of what leaps, each value stands until the next", () => expect(mean(TIMES, [1, 0, 0, 0], true)).toBe(0.25));
  test("of one moment is its value", () => expect(mean([3], [7])).toBe(7));
  test("make up a reading", () => {
    expect(reading()).toMatchObject({ gap: 250, beside: 0.2, open: 0.35, current: 35, way: "in", reuptake: 1, resting: 2 });
  });
  test("of what a model has not, is none", () => {
    expect(reading()).toMatchObject({ benzodiazepine: 0, barbiturate: 0, closed: 0, blocked: 0 });
    expect(reading({ benzodiazepine: 0.4, reuptake_inhibition: 2 })).toMatchObject({ benzodiazepine: 0.4, blocked: 1 });
  });
});

describe("ions", () => {
  test.each([
    [12, "in", 1],
    [-12, "out", 1],
    [60, "in", 5],
    [-1e6, "out", 8],
    [0.2, "none", 0],
    [-0, "none", 0],
  ] as const)("of %d pA go %s, %d a second", (current, way, rate) => {
    expect(wayOf(current)).toBe(way);
    expect(ionRate(current)).toBe(rate);
  });

  test("inside follow from the reversal potential, and are never more than outside", () => {
    expect([-90, -80, -60, -40, 0, 60].map(chlorideInside)).toEqual([1, 1, 2, 4, 16, 16]);
  });

  test("pass as many in a second as the rate", () => {
    for (const rate of [0.3, 1, 4]) {
      const reached = (passed: number) => Math.max(...underway(passed, rate, "in").map(({ number }) => number));
      expect(reached(100 + 10 * rate) - reached(100)).toBe(10 * rate);
      expect(underway(50.5, rate, "in").length).toBeLessThanOrEqual(Math.ceil(rate * PASSAGE));
    }
  });

  test("go from outside in, or from inside out", () => {
    const at = (way: "in" | "out", passed: number) => underway(passed, 1, way).find(({ number }) => number === 7)!.at;
    expect(at("in", 7.9)).toBeGreaterThan(at("in", 7.2));
    expect(at("out", 7.9)).toBeLessThan(at("out", 7.2));
    expect(underway(7.5, 1, "none")).toEqual([]);
    expect(underway(7.5, 0, "in")).toEqual([]);
  });

  test.each([0.02, 0.2, 1, 8])("one at least is drawn in the still, at %d a second", (rate) => {
    const found = underway(stillAt(rate), rate, "in");
    expect(found.length).toBeGreaterThanOrEqual(1);
    expect(found.length).toBeLessThanOrEqual(rate * PASSAGE + 1);
  });

  test.each([280, 420, 660])("keep to the pore where it is narrow, %d px wide", (width) => {
    const layout = layoutFor(width, false);
    const ys: number[] = [];
    for (let at = 0; at <= 1; at += 0.02) {
      const { x, y } = placeOf(layout, at, 3);
      ys.push(y);
      if (y > layout.surface - 50 && y < layout.surface + layout.thick) expect(Math.abs(x - layout.axis)).toBeLessThan(1.2);
      expect(Math.abs(x - layout.axis)).toBeLessThan(31);
    }
    expect(ys).toEqual([...ys].sort((a, b) => a - b));
    expect(ys[0]).toBeLessThan(layout.surface - 98);
    expect(ys[ys.length - 1]).toBeLessThan(layout.stateWords[0].y - 12);
  });
});

describe("the pore", () => {
  test("lets an ion through as soon as it opens, and none before", () => {
    expect(poreHalf(0)).toBeLessThan(1);
    expect(poreHalf(0.002)).toBeGreaterThan(5);
    expect(poreHalf(1)).toBeGreaterThan(poreHalf(0.1));
    expect(subunit(5)).not.toBe(subunit(1));
  });
});

describe("words", () => {
  test("tell the flow", () => {
    expect(plain(flowWords(reading()))).toBe("chloride flows in, mean 35 pA");
    expect(flowWords({ ...reading(), current: -3.04, way: "out" })).toContain("out, mean 3.0");
    expect(flowWords({ ...reading(), way: "none" })).toBe("no net chloride flow");
  });
  test("tell the channel and the transporter", () => {
    const pore = (changes = {}) => plain(poreWords({ ...reading(), ...changes }));
    expect(pore()).toBe("35 % open");
    expect(pore({ open: 0 })).toBe("closed");
    expect([pore({ closed: 0.5 }), pore({ closed: 1 })]).toEqual(["50 % blocked", "blocked"]);
    expect([0, 0.5, 1].map((part) => plain(pumpWords(part, { transporter: "GAT" })))).toEqual([
      "reuptake by GAT",
      "GAT, 50 % blocked",
      "GAT, blocked",
    ]);
  });
  test("say what dots stand for, and where there are too many to draw", () => {
    expect(caption(reading())).toContain("more than is drawn");
    expect(caption({ ...reading(), gap: 3 })).not.toContain("more than");
  });
  test("make one sentence", () => {
    const said = plain(inWords({ ...reading(), barbiturate: 0.5 }, { transporter: "GAT" }, true));
    expect(said).toMatch(/^Drawing of a GABA-A receptor, as the mean over the run: GABA 250 µM in the gap/);
    expect(said).toContain("barbiturate at 50 % of its full effect");
    expect(said).toMatch(/reuptake by GAT\.$/);
  });
});
