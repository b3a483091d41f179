/** Links that restore a lab, and its numbers as a file. */
import { describe, expect, test, vi } from "vitest";
import { csv } from "../src/view/files";
import { forget, permalink, readPermalink } from "../src/view/links";

describe("a link", () => {
  const hash = permalink("ssri", { reuptake_inhibition: 0.8, firing_rate: 1.1 });

  test("names the lab and where its sliders stand", () => {
    expect(hash).toBe("#lab=ssri&reuptake_inhibition=0.8&firing_rate=1.1");
    expect(readPermalink(hash, "ssri")).toEqual({ reuptake_inhibition: 0.8, firing_rate: 1.1 });
  });

  test("is for its own lab only", () => {
    expect(readPermalink(hash, "maoi")).toBeNull();
    expect(readPermalink("", "ssri")).toBeNull();
  });

  test("may hold nonsense, which is left out", () => {
    const read = readPermalink("#lab=ssri&firing_rate=abc&x=NaN&%E0%A4%A=1&y=2", "ssri");
    expect(read).toMatchObject({ y: 2 });
    expect(read).not.toHaveProperty("firing_rate");
    expect(read).not.toHaveProperty("x");
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
