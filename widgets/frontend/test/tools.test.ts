/** Links that restore a lab, and its numbers as a file. */
import { describe, expect, test, vi } from "vitest";
import { csv } from "../src/view/files";
import { forget, permalink, readPermalink } from "../src/view/links";
import { drawerOf, keep, recall } from "../src/view/memory";
import type { LabSpec } from "../src/spec/generated";
import type { Control } from "../src/spec/read";

const number = (name: string, maximum = 3) =>
  ({ kind: "number", name, label: name, minimum: 0, maximum, step: 0.1, rest: 1, follows: null }) as unknown as Control;
const menu = (names: string[], name = "drug") =>
  ({ kind: "choice", name, label: "Medicine", options: names.map((each) => each.toUpperCase()), names }) as unknown as Control;
const tablets = { kind: "schedule", name: "tablets", minimum: 5, maximum: 80 } as unknown as Control;
const ssri = { name: "ssri", controls: [number("reuptake_inhibition", 1), number("firing_rate")] };

describe("a link", () => {
  const hash = permalink(ssri, { reuptake_inhibition: 0.8, firing_rate: 1.1 });

  test("names the lab and where its sliders stand", () => {
    expect(hash).toBe("#lab=ssri&reuptake_inhibition=0.8&firing_rate=1.1");
    expect(readPermalink(hash, ssri)).toEqual({ settings: { reuptake_inhibition: 0.8, firing_rate: 1.1 }, missing: "" });
  });

  test("is for its own lab only", () => {
    expect(readPermalink(hash, { ...ssri, name: "maoi" })).toBeNull();
    expect(readPermalink("", ssri)).toBeNull();
  });

  test("names what is chosen, not its place", () => {
    const lab = (names: string[]) => ({ name: "m", controls: [menu(names), number("dose", 80)] });
    const given = permalink(lab(["fluoxetine", "x=y&z %"]), { drug: 0, dose: 20 });
    expect(given).toBe("#lab=m&drug=fluoxetine&dose=20");
    for (const names of [["fluoxetine", "a"], ["a", "b", "fluoxetine"], ["b", "Fluoxetine"]]) {
      const place = names.findIndex((name) => name.toLowerCase() === "fluoxetine");
      expect(readPermalink(given, lab(names))?.settings).toEqual({ drug: place, dose: 20 });
    }
    const odd = permalink(lab(["fluoxetine", "x=y&z %"]), { drug: 1, dose: 20 });
    expect(readPermalink(odd, lab(["x=y&z %", "b"]))?.settings).toEqual({ drug: 0, dose: 20 });
  });

  test("that names what is not there asks for nothing else, and says so", () => {
    const asked = readPermalink("#lab=m&dose=20&drug=aspirin", { name: "m", controls: [number("dose", 80), menu(["a", "b"])] });
    expect(asked).toEqual({ settings: {}, missing: "Medicine: “aspirin”" });
    const long = readPermalink(`#lab=m&drug=${"x".repeat(1e5)}`, { name: "m", controls: [menu(["a"])] });
    expect(long!.missing.length).toBeLessThan(90);
  });

  test("of an earlier version holds a place, which is read where no option is called so", () => {
    const read = (names: string[], text: string) => readPermalink(`#lab=m&drug=${text}`, { name: "m", controls: [menu(names)] });
    expect(read(["a", "b", "c"], "2")?.settings).toEqual({ drug: 2 });
    expect(read(["2", "b", "c"], "2")?.settings).toEqual({ drug: 0 });
    for (const wrong of ["3", "-1", "1.5", "1e0", "", "99999999999"]) expect(read(["a", "b", "c"], wrong)?.missing).toContain("Medicine");
  });

  test("may hold nonsense, which is left out", () => {
    const wild = "#lab=ssri&firing_rate=abc&reuptake_inhibition=0.5&x=NaN&%E0%A4%A=1&__proto__=1&constructor=2&=&&toString";
    expect(readPermalink(wild, ssri)).toEqual({ settings: { reuptake_inhibition: 0.5 }, missing: "" });
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
    for (const value of ["", "%", "NaN", "Infinity", "1e999", "0x", "__proto__", "none", "0:1", "a".repeat(1e5)])
      expect(readPermalink(`#lab=ssri&firing_rate=${value}`, ssri)?.settings).toEqual({});
    for (const wrong of ["#lab=%E0%A4%A", "#lab", "#", "#=", "#&&&", "#lab=__proto__", `#${"&".repeat(1e5)}`]) expect(readPermalink(wrong, ssri)).toBeNull();
  });

  test("carries a calendar, in order and within what the lab allows", () => {
    const lab = { name: "c", controls: [tablets] };
    const read = (text: string) => readPermalink(`#lab=c&tablets=${text}`, lab)?.settings.tablets;
    expect(permalink(lab, { tablets: [[0, 20], [24, 0]] })).toBe("#lab=c&tablets=0:20;24:0");
    expect(read("24:0;0:20")).toEqual([[0, 20], [24, 0]]);
    expect(read("none")).toEqual([]);
    for (const wrong of ["0:1", "0:81", "-1:20", "0:20;", "0:20:3", "x:20", "1e999:20", "5", Array(1001).fill("0:20").join(";")])
      expect(read(wrong)).toBeUndefined();
  });

  test.each([
    ["#lab=ssri&firing_rate=2", [7, "http://book/page.html?a=1"]],
    ["#lab=maoi&firing_rate=2", null],
    ["#the-evidence", null],
    ["", null],
  ])("%s is forgotten at Reset only by the lab it names", (given, expected) => {
    let now: unknown = null;
    vi.stubGlobal("location", { hash: given, href: `http://book/page.html?a=1${given}` });
    vi.stubGlobal("history", { state: 7, replaceState: (state: unknown, _: string, href: string) => (now = [state, href]) });
    forget("ssri");
    expect(now).toEqual(expected);
  });
});

test("a file quotes what needs it", () => {
  const columns = [
    { title: "Hours", unit: "" },
    { title: "Level, free", unit: "uM" },
  ];
  expect(csv({ caption: "", columns, rows: [["0", "1"]] })).toBe('Hours,"Level, free (uM)"\r\n0,1\r\n');
});

describe("what is kept of a lab", () => {
  const lab = (changes: object = {}) =>
    ({ name: "ssri", controls: [number("firing_rate"), menu(["a", "b"])], prediction: null, ...changes }) as unknown as LabSpec;
  const question = (...texts: string[]) => ({ question: "Predict", choices: texts.map((text) => ({ text, value: 1 })) });
  const storage = () => {
    const kept = new Map<string, unknown>();
    return { kept, drawers: (name: string, stamp: string) => ({ read: () => kept.get(name + stamp) ?? null, write: (value: unknown) => void kept.set(name + stamp, value) }) };
  };
  const settings = { firing_rate: 2.5, drug: 1 };

  test("comes back, by name", () => {
    const { drawers } = storage();
    const before = lab({ prediction: question("as before", "twice") });
    keep(drawerOf(drawers, before), before, { guess: 1, revealed: true, settings });
    expect(recall(drawerOf(drawers, before), before)).toEqual({ guess: 1, revealed: true, settings });
    const longer = { ...before, controls: [number("firing_rate"), menu(["z", "b", "a"]), number("added")] } as LabSpec;
    expect(recall(drawerOf(drawers, longer), longer)?.settings).toEqual({ firing_rate: 2.5, drug: 1 });
  });

  test("is dropped where it no longer fits", () => {
    const { drawers } = storage();
    keep(drawerOf(drawers, lab()), lab(), { guess: -1, revealed: false, settings });
    const after = (controls: Control[]) => recall(drawerOf(drawers, lab()), lab({ controls }));
    expect(after([number("firing_rate", 2), menu(["a", "b"])])?.settings).toEqual({ drug: 1 });
    expect(after([menu(["a", "b"])])?.settings).toEqual({ drug: 1 });
    expect(after([number("firing_rate"), menu(["a"])])).toBeNull();
    const asked = lab({ prediction: question("as before", "twice") });
    expect(recall(drawerOf(drawers, asked), asked)).toBeNull();
    keep(drawerOf(drawers, asked), asked, { guess: 0, revealed: true, settings });
    const reworded = lab({ prediction: question("as ever", "twice") });
    expect(recall(drawerOf(drawers, reworded), reworded)).toBeNull();
  });

  test.each([[null], [0], ["x"], [[]], [{}], [{ link: 3 }], [{ link: "#lab=other" }], [{ link: "#lab=ssri", guess: "1" }], [{ link: "#lab=ssri", guess: 7 }]])(
    "%j is nothing that was kept",
    (found) => {
      const asked = lab({ prediction: question("as before", "twice") });
      expect(recall({ read: () => found, write() {} }, asked)).toBeNull();
      expect(recall(null, asked)).toBeNull();
    },
  );
});
