/** From a lab's numbers to what the drawing shows; that the drawing then shows it is tested in a browser, test_scene.py. */
import { describe, expect, test } from "vitest";
import {
  anatomy,
  arrowWidth,
  dotCount,
  finite,
  fluxWidth,
  GAP_DOTS,
  MOST_GAP_DOTS,
  PUMPS,
  read,
  shares,
  together,
  WIDEST_ARROW,
  type Values,
} from "../src/view/scene/quantities";
import { describe as inWords, labelsFor, legend, percent } from "../src/view/scene/words";

const BASELINE: Values = {
  extracellular: 0.06,
  vesicular: 67,
  synthesis: 1.8,
  packaging: 195,
  leak: 67,
  release: 127,
  reuptake: 127,
  breakdown_mao_a: 0.87,
  diffusion: 0.12,
  autoreceptor_occupancy: 0.1,
  release_brake: 1,
  receptor_occupancy: 0.25,
};
const CONTROLS: Values = { reuptake_inhibition: 0, mao_a_inhibition: 0, autoreceptor_gain: 1 };
const FACTS = { constant: new Set<string>(), autoreceptorSignal: false };
const reading = (now: Values = {}, controls: Values = {}, facts = FACTS, baseline = BASELINE) =>
  read(baseline, { ...baseline, ...now }, { ...CONTROLS, ...controls }, facts);

describe("dots", () => {
  test.each([
    [0, 0],
    [0.001, 0],
    [0.02, 1],
    [0.5, 7],
    [1, GAP_DOTS],
    [2.7, 38],
    [5, 70],
    [20, MOST_GAP_DOTS],
  ])("at %d times the baseline are %d", (ratio, dots) => {
    expect(dotCount(ratio, GAP_DOTS, MOST_GAP_DOTS)).toBe(dots);
  });

  test.each([undefined, NaN, -1])("of a level of %s are none", (ratio) => {
    expect(dotCount(ratio, GAP_DOTS, MOST_GAP_DOTS)).toBe(0);
  });
});

describe("places that are taken", () => {
  test.each([
    [0, [0, 0, 0, 0, 0]],
    [0.2, [1, 0, 0, 0, 0]],
    [0.75, [1, 1, 1, 0.75, 0]],
    [1, [1, 1, 1, 1, 1]],
    [0.60000000000001, [1, 1, 1, 0, 0]],
  ])("at %d", (fraction, expected) => {
    shares(fraction, PUMPS).forEach((share, i) => expect(share).toBeCloseTo(expected[i], 9));
  });
});

describe("arrows", () => {
  test("eight times the rate is twice as wide, on one scale for all", () => {
    expect(arrowWidth(8, 8) / arrowWidth(1, 8)).toBeCloseTo(2, 9);
    expect(arrowWidth(1e9, 1)).toBe(WIDEST_ARROW);
    expect([0, -1, NaN].map((rate) => arrowWidth(rate, 1))).toEqual([0, 0, 0]);
  });

  test("under one percent of its own baseline a reaction has stopped", () => {
    expect(fluxWidth({ rate: 1, baseline: 200, ratio: 0.005 }, 100)).toBe(0);
    expect(fluxWidth({ rate: 1, baseline: undefined, ratio: undefined }, 100)).toBeGreaterThan(0);
    expect(fluxWidth(undefined, 100)).toBe(0);
  });

  test("two reactions may share one", () => {
    expect(together([{ rate: 1, baseline: 2, ratio: 0.5 }, undefined, { rate: 3, baseline: 2, ratio: 1.5 }])).toEqual({
      rate: 4,
      baseline: 4,
      ratio: 1,
    });
    expect(together([undefined])).toBeUndefined();
  });
});

describe("a reading", () => {
  test("is relative to the baseline", () => {
    const found = reading({ extracellular: 0.16, vesicular: 33.5 }, { reuptake_inhibition: 0.8 });
    expect(found.extracellular).toBeCloseTo(0.16 / 0.06, 9);
    expect(found.vesicular).toBeCloseTo(0.5, 9);
    expect([found.reuptakeBlocked, found.reference]).toEqual([0.8, 127]);
    expect(found.enzymes.map(({ letter }) => letter)).toEqual(["A"]);
  });

  test("has no brake where the model never moves it", () => {
    expect(reading().releaseBrake).toBe(1);
    expect(reading({}, {}, { constant: new Set(["release_brake"]), autoreceptorSignal: true }).releaseBrake).toBeUndefined();
  });

  test("tells a large exchange as its difference", () => {
    expect(reading().exchangeApart).toBe(true);
    expect(reading({}, {}, FACTS, { ...BASELINE, packaging: 3320, leak: 3240 }).exchangeApart).toBe(false);
  });

  test.each(Object.keys(BASELINE))("may lack %s", (missing) => {
    const { [missing]: _, ...kept } = BASELINE;
    const found = JSON.stringify(read(kept, kept, CONTROLS, FACTS));
    expect(found).not.toMatch(/NaN|Infinity|null/);
  });

  test("of nothing at rest compares with nothing", () => {
    const nought = Object.fromEntries(Object.keys(BASELINE).map((name) => [name, 0]));
    expect(read(nought, nought, CONTROLS, FACTS).extracellular).toBeUndefined();
  });

  test("is drawn anew only when its parts change", () => {
    expect(anatomy(reading({ extracellular: 1 }))).toBe(anatomy(reading()));
    const { release_brake: _, ...kept } = BASELINE;
    expect(anatomy(read(kept, kept, CONTROLS, FACTS))).not.toBe(anatomy(reading()));
  });

  test.each([NaN, Infinity, -Infinity])("leaves out %d, and keeps what it knew", (bad) => {
    expect(finite({ a: bad, b: 2, c: bad }, { a: 1 })).toEqual({ a: 1, b: 2 });
    expect(finite(undefined, { a: 1 })).toEqual({});
  });
});

describe("in words", () => {
  const labels = labelsFor({ transmitter: "serotonin", symbol: "5-HT", transporter: "SERT", enzyme: "MAO" }, { metabolite: "5-HIAA", brake: " " });

  test("a lab's own replace the usual ones, blanks do not", () => {
    expect([labels.metabolite, labels.brake, labels.receptors]).toEqual(["5-HIAA", "brake", "5-HT receptors"]);
  });

  test.each([
    [0.8, "80\u00a0%"],
    [0, "0\u00a0%"],
    [0.001, "<\u20091\u00a0%"],
  ])("%d is %s", (fraction, words) => {
    expect(percent(fraction)).toBe(words);
  });

  test("the picture is one sentence", () => {
    const said = inWords(reading({ extracellular: 0.16, autoreceptor_occupancy: 0.001 }, { reuptake_inhibition: 0.8 }), labels);
    expect(said.replaceAll("\u00a0", " ")).toBe(
      "Drawing of a serotonin synapse: serotonin between the neurons 267 % of baseline, stored in vesicles 100 % of baseline, " +
        "release 100 % of baseline, 80 % of the SERT pumps plugged, autoreceptors under 1 % occupied, 5-HT receptors 25 % occupied.",
    );
  });

  test("the legend says where the drawing stops counting", () => {
    expect(legend(reading(), 1)[0]).toContain(`${GAP_DOTS} at baseline`);
    expect(legend(reading({ extracellular: 1.2 }), 3)[0]).toBe(`More than ${MOST_GAP_DOTS} dots; ${GAP_DOTS} at baseline.`);
    expect([1, 2, 3].map((lines) => legend(reading(), lines as 1 | 2 | 3).length)).toEqual([1, 2, 3]);
  });
});
