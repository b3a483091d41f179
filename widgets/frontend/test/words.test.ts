/** Numbers and settings in words, for eye and ear, and the sentence under the picture. */
import { describe, expect, test } from "vitest";
import type { NumberControl } from "../src/spec/read";
import { pump } from "../src/words/explanations/pump";
import type { Findings } from "../src/words/findings";
import { afterTime, counted, percentOf, times, withArticle } from "../src/words/numbers";
import { sentence } from "../src/words/sentence";
import { shownValue, spokenValue } from "../src/words/settings";
import { verdict } from "../src/words/verdict";

const CONTROL: NumberControl = {
  kind: "number",
  scale: 1,
  follows: null,
  name: "reuptake_inhibition",
  label: "Reuptake blocked",
  minimum: 0,
  maximum: 1,
  step: 0.05,
  rest: 0,
  unit: "percent",
  low: "none",
  high: "all",
  landmarks: [[0.8, "usual dose"]],
  shown: [],
  phrase: "{value} of the pumps blocked",
  said: [[0, "none of the pumps blocked"]],
  marker: "block begins",
};
const FIRING: NumberControl = {
  ...CONTROL,
  name: "firing_rate",
  label: "Firing",
  maximum: 3,
  step: 0.1,
  rest: 1,
  unit: "times",
  landmarks: [],
  phrase: "firing at {value} the resting rate",
  said: [[1, "firing at rest"]],
};
const BRAKE: NumberControl = {
  ...CONTROL,
  name: "autoreceptor_gain",
  label: "Brake",
  rest: 1,
  landmarks: [],
  said: [],
  shown: [
    [1, "normal"],
    [0, "off"],
  ],
  phrase: "the brake at {value}",
};
const DOSE: NumberControl = {
  ...CONTROL,
  name: "dose",
  unit: "mg",
  maximum: 100,
  step: 2.5,
  landmarks: [],
  said: [],
  phrase: "a dose of {value}",
};
const LOSS: NumberControl = { ...DOSE, name: "k_loss", unit: "1/h", phrase: "a loss of {value}" };
const AFFINITY: NumberControl = { ...DOSE, name: "k_hold", unit: "1/(µM h)", step: 0.05, phrase: "a hold of {value}" };

/** Narrow no-break spaces as plain ones, so that what is expected can be read. */
const plain = (words: string) => words.replaceAll("\u202f", " ");

test.each([
  [CONTROL, 0.8, "80 %", "80 percent of the pumps blocked, usual dose"],
  [CONTROL, 0.30000000000000004, "30 %", "30 percent of the pumps blocked"],
  [CONTROL, 0, "0 %", "none of the pumps blocked"],
  [FIRING, 1, "1.0 ×", "firing at rest"],
  [FIRING, 1.5, "1.5 ×", "firing at 1.5 times the resting rate"],
  [BRAKE, 1, "normal", "the brake at 100 percent"],
  [BRAKE, 0.35, "35 %", "the brake at 35 percent"],
  [DOSE, 12.5, "12.5 mg", "a dose of 12.5 mg"],
  [LOSS, 3, "3 per hour", "a loss of 3 per hour"],
  [AFFINITY, 0.4, "0.4 per µM h", "a hold of 0.4 per µM h"],
] satisfies [NumberControl, number, string, string][])("$name at %d for eye and ear", (control, value, shown, spoken) => {
  expect(plain(shownValue(control, value))).toBe(shown);
  expect(spokenValue(control, value)).toBe(spoken);
});

test.each([
  [1.44, "1.44 times", "144 %"],
  [1.9, "1.9 times", "190 %"],
  [2.72, "2.7 times", "272 %"],
  [16.02, "16 times", "1,602 %"],
  [1602, "1,602 times", "160,200 %"],
  [1.016, "1.016 times", "101.6 %"],
])("%d as times and as percent", (fold, inTimes, inPercent) => {
  expect(times(fold)).toBe(inTimes);
  expect(plain(percentOf(fold))).toBe(inPercent);
});

test.each([
  [2 / 3600, "hour", "within seconds"],
  [0.1, "hour", "after 6 minutes"],
  [3, "hour", "after 3 hours"],
  [0.002, "millisecond", "after 0 milliseconds"],
])("%d %s is %s", (value, unit, words) => {
  expect(afterTime(value, unit)).toBe(words);
});

// -- the sentence -------------------------------------------------------------------------------------------------

const FINDINGS: Findings = {
  noun: "serotonin between the neurons",
  end: 2.7,
  settled: 2.7,
  settles: true,
  peak: 2.7,
  peakTime: 24,
  amount: "",
  rates: {},
  others: [],
};
const SAME: Findings = { ...FINDINGS, end: 1, settled: 1, peak: 1 };
const BLOCKED = { reuptake_inhibition: 0.65 };
const MOSTLY = { reuptake_inhibition: 0.8 };
const LITTLE = { reuptake_inhibition: 0.1 };

function speak(values: Record<string, number>, moved: NumberControl | null, findings: Findings[], locked = false): string {
  return plain(
    sentence({
      moved,
      controls: [CONTROL, BRAKE, FIRING],
      values: { reuptake_inhibition: 0, autoreceptor_gain: 1, firing_rate: 1, ...values },
      span: 24,
      timeUnit: "hour",
      locked,
      findings,
      explain: pump,
    }),
  );
}

describe("the sentence says the setting, the level and the cause", () => {
  const overshoot: Findings = { ...FINDINGS, peak: 3.2, peakTime: 2, brakeAtPeak: 0.9, brake: 0.6, stores: 0.9, storesAtPeak: 1 };

  test("the brake that answered", () => {
    expect(speak(BLOCKED, CONTROL, [overshoot])).toBe(
      "With 65 % of the pumps blocked, serotonin between the neurons settles at 2.7 times baseline. " +
        "It rose further at first, to 3.2 times after 2 hours; then the autoreceptor braked release by 40 %.",
    );
  });

  test("where most was held back before the peak, that speaks: four pumps in five blocked would make it five times", () => {
    expect(speak(MOSTLY, CONTROL, [overshoot])).toMatch(/ The autoreceptor feels it and brakes release by 40 %\.$/);
  });

  test("stores that ran down", () => {
    const drained: Findings = { ...overshoot, brake: 0.9, stores: 0.5 };
    expect(speak(BLOCKED, CONTROL, [drained])).toMatch(/then the vesicle stores ran down to 50 %\.$/);
  });

  test("a level on its way", () => {
    const said = speak(BLOCKED, CONTROL, [{ ...FINDINGS, settled: 2 }]);
    expect(said).toContain("is at 2.7 times baseline after 24 hours, still falling towards 2 times");
  });

  test("rest", () => {
    expect(speak({}, null, [SAME])).toMatch(/^Everything is at rest/);
  });

  test("a brake that holds nothing back", () => {
    const said = speak({ autoreceptor_gain: 0.5 }, BRAKE, [SAME]);
    expect(said).toMatch(/^With the brake at 50 %, serotonin between the neurons stays at baseline\./);
    expect(said).toContain("holds nothing back");
  });

  test("two models", () => {
    expect(speak({ firing_rate: 2 }, FIRING, [FINDINGS, { ...SAME, noun: "dopamine" }])).toBe(
      "With firing at 2 times the resting rate, serotonin between the neurons settles at 2.7 times baseline, " +
        "while dopamine stays at baseline.",
    );
  });

  test("the control just moved comes first", () => {
    const said = speak({ ...BLOCKED, autoreceptor_gain: 0.5 }, BRAKE, [FINDINGS]);
    expect(said).toMatch(/^With the brake at 50 % and 65 % of the pumps blocked, /);
  });
});

describe("a sentence keeps to one unit and to what can be read", () => {
  const up: Findings = { ...FINDINGS, end: 1.16, settled: 1.16, peak: 1.3, peakTime: 0.0005, stores: 0.8, storesAtPeak: 1 };

  test("two levels that look the same are told apart", () => {
    const said = speak(MOSTLY, CONTROL, [{ ...FINDINGS, end: 1.72, settled: 1.66, peak: 1.72 }]);
    expect(said).toContain("still falling towards 1.66 times");
  });

  test("14 times is not on its way to 14 times", () => {
    expect(speak(MOSTLY, CONTROL, [{ ...FINDINGS, end: 14.4, settled: 13.6, peak: 14.4 }])).not.toContain("still");
  });

  test("above the baseline both levels are in times", () => {
    const said = speak(LITTLE, CONTROL, [up]);
    expect(said).toContain("settles at 1.16 times baseline");
    expect(said).toContain("to 1.3 times within seconds;");
    expect(said.split("%"), "the setting and the stores; the level is in times both times").toHaveLength(3);
  });

  test("below it both are in percent", () => {
    const said = speak(LITTLE, CONTROL, [{ ...up, end: 0.8, settled: 0.8 }]);
    expect(said).toContain("settles at 80 % of baseline");
    expect(said).toContain("to 130 % within seconds;");
    expect(said).not.toContain("times");
  });

  test("what has not settled is not said to settle", () => {
    const said = speak(LITTLE, CONTROL, [{ ...FINDINGS, end: 0.2, settled: 0.2, settles: false, peak: 1 }]);
    expect(said).toContain("is at 20 % of baseline after 24 hours and has not settled");
    expect(said).not.toContain("settles");
  });

  test("what is gone is gone", () => {
    const said = speak({ firing_rate: 0 }, FIRING, [{ ...FINDINGS, end: 0.005, settled: 0.006, peak: 1 }]);
    expect(said).toContain("serotonin between the neurons falls to almost nothing.");
    expect(said).not.toContain("rising");
    expect(said).not.toContain("0.5");
  });
});

test.each([
  ["at rest", {}, SAME],
  ["moved", MOSTLY, FINDINGS],
])("a locked lab says how to unlock it: %s", (_, values, findings) => {
  const said = speak(values, null, [findings], true);
  expect(said).toMatch(/Choose an answer above to unlock the sliders\.$/);
  expect(said).not.toContain("Move a slider");
  expect(speak(values, null, [findings])).not.toContain("unlock");
});

test("what is at rest is named only when it was just put there", () => {
  expect(speak({ firing_rate: 0 }, FIRING, [FINDINGS])).toMatch(/^With firing at 0 times the resting rate, /);
  expect(speak({ firing_rate: 0 }, CONTROL, [FINDINGS])).toMatch(
    /^With firing at 0 times the resting rate and none of the pumps blocked, /,
  );
});

describe("the verdict compares with the nearest choice", () => {
  const choices = [
    { text: "The same", value: 1 },
    { text: "It doubles", value: 2 },
    { text: "Five times", value: 5 },
  ];

  test("a guess that was not the nearest", () => {
    const { said, judged, model, measured, feedback } = verdict({ choices }, 2, 2.7, "");
    expect(said).toBe("You predicted “Five times”.");
    expect(model).toBe("The model says 2.7 times baseline.");
    expect(judged).toBe("The closest was “It doubles”. What made the difference?");
    expect(measured + feedback).toBe("");
  });

  test("the nearest guess", () => {
    const { judged, model } = verdict({ choices }, 1, 2.7, " once settled");
    expect([model, judged]).toEqual(["The model says 2.7 times baseline once settled.", "Yours was the closest."]);
  });

  test("is in the unit of the sentence", () => {
    expect(verdict({ choices }, 0, 1.16, "").model).toBe("The model says 1.16 times baseline.");
    expect(verdict({ choices }, 0, 1.16, "", "16 mV").model).toBe("The model says 16 mV.");
  });

  test("what was measured decides, and the model is told beside it", () => {
    const measured = { value: 1.1, text: "In rats it stayed", by: "Somebody, 2001" };
    const told = verdict({ choices, measured }, 1, 2.7, "");
    expect(told.judged).toMatch(/^The closest was “The same”\./);
    expect(told.measured).toBe("In rats it stayed (Somebody, 2001).");
    expect(told.model).toBe("The model says 2.7 times baseline.");
    expect(verdict({ choices, measured }, 0, 2.7, "").judged).toBe("Yours was the closest.");
    // In a unit of its own the nearest is by difference, not by ratio.
    expect(verdict({ choices, measured: { ...measured, value: 3.4 } }, 1, 9, "", "9 mV").judged).toBe("Yours was the closest.");
  });

  test("each choice has its own feedback, which wonders enough", () => {
    const answered = choices.map((choice) => ({ ...choice, feedback: `On ${choice.text}.` }));
    expect(verdict({ choices: answered }, 2, 2.7, "")).toMatchObject({ feedback: "On Five times.", judged: "The closest was “It doubles”." });
  });
});

describe("one and several", () => {
  const pulses: NumberControl = { ...CONTROL, name: "pulses", label: "Pulses", maximum: 20, step: 1, unit: "pulses", phrase: "{value}", said: [] };

  test.each([
    ["1", "pulses", "1 pulse"],
    ["2", "pulses", "2 pulses"],
    ["0", "tablets", "0 tablets"],
    ["1", "tablets a day", "1 tablet a day"],
    ["1", "boxes", "1 box"],
    ["1", "doses", "1 dose"],
    ["1", "mg", "1 mg"],
    ["1", "ms", "1 ms"],
    ["1", "per hour", "1 per hour"],
    ["10", "pulses", "10 pulses"],
    ["1.5", "hours", "1.5 hours"],
    ["1", "", "1"],
  ])("%s %s", (shown, unit, said) => expect(counted(shown, unit)).toBe(said));

  test("a slider of pulses says one pulse, beside the label, in the sentence and aloud", () => {
    expect([1, 2].map((value) => shownValue(pulses, value))).toEqual(["1 pulse", "2 pulses"]);
    expect([1, 2].map((value) => spokenValue(pulses, value))).toEqual(["1 pulse", "2 pulses"]);
  });

  test.each([
    ["serotonin", "a serotonin"],
    ["acetylcholine", "an acetylcholine"],
    ["orexin", "an orexin"],
    ["uridine", "a uridine"],
    ["GABA", "a GABA"],
    ["NMDA", "an NMDA"],
    ["ATP", "an ATP"],
  ])("the article of %s", (name, said) => expect(withArticle(name)).toBe(said));
});
