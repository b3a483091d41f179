/** Settings in, an immutable frame out: each run made once, and not again while its constants stay. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Run } from "../src/model/experiment";
import { loadModel } from "../src/model/module";
import { Solver, SolverError } from "../src/model/solver";
import { answerOf, guessShown } from "../src/session/answer";
import { fileNumbers, tableNumbers } from "../src/session/numbers";
import { Session } from "../src/session/session";
import type { LabSpec, Medicine, OutputSpec } from "../src/spec/generated";
import { readSpec } from "../src/spec/read";
import { text } from "./models";

const GAP: OutputSpec = { title: "Gap", short: "gap", noun: "the gap", unit: "µM", relative: true };
const BLOCKED = {
  kind: "number" as const, name: "blocked", label: "Blocked", minimum: 0, maximum: 1, step: 0.05, rest: 0, unit: "percent", scale: 1,
  low: "none", high: "all", landmarks: [], shown: [], phrase: "{value} blocked", said: [], marker: "block begins", follows: null,
};
const MESSENGER = {
  name: "serotonin", symbol: "5-HT", hue: "serotonin", transporter: "SERT", enzyme: "MAO", precursor: "tryptophan", metabolite: "5-HIAA",
};
const AT_REST = { moved: null, locked: false, guess: -1, revealed: false };

function labSpec(changes: Partial<LabSpec> = {}): LabSpec {
  return {
    version: 1,
    title: "A pump",
    name: "pump",
    models: [{ name: "pump", messenger: MESSENGER, javascript: text("pump"), constant: [], autoreceptorSignal: false, explanation: "pump" }],
    runs: [{ model: 0, name: "", held: {}, side: 0, span: null, settled: false }],
    clock: { span: 24, unit: "hour", factor: 1 },
    drive: { kind: "direct" },
    controls: [BLOCKED],
    outputs: [{ gap: GAP, store: { ...GAP, title: "Store", relative: false } }],
    main: "gap",
    start: { blocked: 0 },
    presets: {},
    prediction: null,
    numbers: [{ run: 0, outputs: ["gap", "store"] }],
    panels: [{ kind: "sentence", speaker: "levels" }],
    ...changes,
  };
}

async function open(changes: Partial<LabSpec> = {}): Promise<Session> {
  const spec = labSpec(changes);
  return new Session(spec, await Promise.all(spec.models.map(({ javascript }) => loadModel(javascript))));
}

describe("a frame", () => {
  let session: Session;
  let runs: ReturnType<typeof vi.spyOn>;
  beforeEach(async () => {
    session = await open();
    runs = vi.spyOn(Solver.prototype, "run");
  });

  test("is one integration, whatever is read of it: curves, sentence, table", () => {
    const frame = session.frame({ blocked: 0.5 }, AT_REST);
    frame.curve(0, "gap");
    frame.curve(0, "store");
    const { sentence } = frame;
    const table = tableNumbers(session, frame);
    expect(runs).toHaveBeenCalledTimes(1);
    expect(sentence).toContain("the gap");
    expect(table.columns.map(({ title }) => title)).toEqual(["Hours after the change", "Gap", "Gap", "Store"]);
    expect(table.rows.length).toBeGreaterThanOrEqual(5);
    expect(table.rows.at(-1)![0]).toBe("24");
  });

  test("of the same constants is not run again", () => {
    const first = session.frame({ blocked: 0.5 }, AT_REST);
    const second = session.frame({ blocked: 0.5 }, { ...AT_REST, locked: true });
    expect(runs).toHaveBeenCalledTimes(1);
    expect(second.runs[0]).toBe(first.runs[0]);
  });

  test("does not change when the next is made", () => {
    const first = session.frame({ blocked: 0.5 }, AT_REST);
    const values = first.curve(0, "gap").values.slice();
    const { sentence } = first;
    session.frame({ blocked: 0.9 }, AT_REST);
    expect(first.curve(0, "gap").values).toEqual(values);
    expect(first.runs[0].series("gap").at(-1)).toBe(first.runs[0].end.gap);
    expect(first.sentence).toBe(sentence);
  });

  test("shows % of rest, or the output's own unit", () => {
    const frame = session.frame({ blocked: 0.5 }, AT_REST);
    expect(frame.curve(0, "gap").values[0]).toBeCloseTo(100, 6);
    expect(frame.curve(0, "store").values[0]).toBeCloseTo(frame.runs[0].baseline.store, 9);
  });

  test("that cannot be calculated is refused, with a way out", async () => {
    vi.spyOn(Run.prototype, "series").mockReturnValue(Float64Array.from([1, NaN]));
    expect(() => session.frame({ blocked: 0.25 }, AT_REST)).toThrow(SolverError);
    expect(() => session.frame({ blocked: 0.25 }, AT_REST)).toThrow(/Move a slider back, or press Reset/);
  });

  test("gives a file more rows and the settings beside them", () => {
    const { columns, rows } = fileNumbers(session, session.frame({ blocked: 0.5 }, AT_REST));
    expect(rows).toHaveLength(241);
    expect(columns.at(-1)).toMatchObject({ title: "Blocked", unit: "fraction" });
    expect(rows[0].at(-1)).toBe("0.5");
  });
});

test("an output that the model lacks is named before anything is drawn", async () => {
  await expect(open({ numbers: [{ run: 0, outputs: ["gapp"] }] })).rejects.toThrow(/"pump" has no "gapp"/);
});

describe("cases of one model", () => {
  test("hold their constants and are told by name", async () => {
    const run = { model: 0, name: "", held: {}, side: 0, span: null, settled: false };
    const session = await open({
      runs: [{ ...run, name: "Free", held: { blocked: 0 } }, { ...run, name: "Half", held: { blocked: 0.5 } }],
      numbers: [{ run: 0, outputs: ["gap"] }, { run: 1, outputs: ["gap"] }],
    });
    const frame = session.frame({}, AT_REST);
    expect(frame.runs[0].end.gap).toBeCloseTo(frame.runs[0].baseline.gap, 6);
    expect(frame.runs[1].end.gap / frame.runs[1].baseline.gap).toBeCloseTo(298 / 148, 2);
    expect(frame.sentence).toMatch(/“Free”.*“Half”/);
    expect(tableNumbers(session, frame).columns.map(({ title }) => title)).toContain("Gap (Half)");
  });
});

describe("a prediction", () => {
  const prediction = {
    question: "Predict: half blocked?", choices: [{ text: "as before", value: 1, feedback: "" }, { text: "double", value: 2, feedback: "" }],
    scenario: { blocked: 0.5 }, of: "run" as const, run: 0, output: "gap", absolute: false, measured: null,
  };

  test("is answered for its own scenario, wherever the sliders stand", async () => {
    const session = await open({ prediction });
    session.frame({ blocked: 0.9 }, AT_REST);
    expect(answerOf(session, prediction).shown).toBeCloseTo(298 / 148, 2);
  });

  test("has its guess in the chart only there, and only once it stands", async () => {
    const session = await open({ prediction });
    const guessed = { ...AT_REST, guess: 1, revealed: true };
    expect(guessShown(session, session.frame({ blocked: 0.5 }, guessed))).toBe(200);
    expect(guessShown(session, session.frame({ blocked: 0.6 }, guessed))).toBeNull();
    expect(guessShown(session, session.frame({ blocked: 0.5 }, { ...guessed, revealed: false }))).toBeNull();
  });
});

describe("controls of every kind", () => {
  test("a choice stands for its values, a switch for 0 and 1", async () => {
    const choice = { kind: "choice" as const, name: "blocked", label: "Block", options: ["none", "most"], names: [], values: [0, 0.8], rest: 0, phrases: ["nothing blocked", "most blocked"], marker: "" };
    const session = await open({ controls: [choice], start: { blocked: 0 } });
    const frame = session.frame({ blocked: 1 }, AT_REST);
    expect(frame.runs[0].settled.gap / (0.2 / 58)).toBeCloseTo(1, 6);
    expect(frame.sentence).toContain("most blocked");
    const change = { kind: "switch" as const, name: "blocked", label: "Block", rest: false, on: "all blocked", off: "none blocked", marker: "" };
    const switched = await open({ controls: [change], start: { blocked: 0 } });
    expect(switched.rest).toEqual({ blocked: 0 });
    expect(switched.frame({ blocked: 1 }, AT_REST).sentence).toContain("all blocked");
  });
});

describe("a drive of medicines", () => {
  const medicine = (name: string, half: number): Medicine => ({
    name, low: 20, high: 60, halfLife: 24, concentration: 1, facts: [], aims: ["SERT"],
    targets: { SERT: { maximum: 1, half, basis: "measured", bound: false } },
  });
  const changes: Partial<LabSpec> = {
    runs: [{ model: 0, name: "", held: {}, side: 0, span: null, settled: false }, { model: 0, name: "", held: {}, side: 1, span: null, settled: false }],
    drive: {
      kind: "medicines", medicines: [medicine("one", 20), medicine("two", 60)], effects: [{ blocked: "SERT" }], kinetics: null,
      sides: [{ letter: "A", drug: "drug", dose: "dose" }, { letter: "B", drug: "other_drug", dose: "other_dose" }],
    },
    numbers: [{ run: 0, outputs: ["gap"] }, { run: 1, outputs: ["gap"] }],
  };

  test("a dose occupies a target, and that sets a constant; the other side is not run again", async () => {
    const session = await open(changes);
    const settings = { drug: 0, dose: 20, other_drug: 1, other_dose: 20 };
    const first = session.frame(settings, AT_REST);
    expect(first.runs[0].settled.gap / first.runs[0].baseline.gap).toBeCloseTo(298 / 148, 4);
    expect(first.runs[1].settled.gap).toBeLessThan(first.runs[0].settled.gap);
    const runs = vi.spyOn(Solver.prototype, "run");
    const second = session.frame({ ...settings, dose: 40 }, AT_REST);
    expect(runs).toHaveBeenCalledTimes(1);
    expect(second.runs[1]).toBe(first.runs[1]);
    expect(tableNumbers(session, second).columns.map(({ title }) => title)).toEqual([
      "Hours after the change", "Serotonin, A one", "Serotonin, B two",
    ]);
  });
});

describe("a spec that this page cannot draw says so", () => {
  const kinds = ["curves", "sentence", "table"];
  test.each([
    [undefined, /came without its description/],
    [{ ...labSpec(), version: 99 }, /newer version \(99\)/],
    [{ ...labSpec(), panels: [{ kind: "curvs" }] }, /Panel 1.*“curvs”.*Did you mean “curves”/],
  ])("%#", (given, words) => {
    expect(() => readSpec(given, kinds)).toThrow(words);
  });

  test("one that it can draw goes through", () => {
    const spec = labSpec();
    expect(readSpec(spec, kinds)).toBe(spec);
  });

  test("an explainer it does not know is named", async () => {
    const [model] = labSpec().models;
    await expect(open({ models: [{ ...model, explanation: "pmp" }] })).rejects.toThrow(/“pmp”.*Did you mean “pump”/);
  });
});
