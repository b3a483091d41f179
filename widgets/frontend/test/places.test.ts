// @vitest-environment happy-dom
/** Widgets' places: who arrives, who does not, and what the reader below keeps before them. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { arrived } from "../src/runtime/arrival";
import { exchange, message, tell } from "../src/runtime/places";
import { watchRuntime } from "../src/runtime/watchdog";

const host = () => document.body.appendChild(document.createElement("div"));

beforeEach(() => {
  document.body.replaceChildren();
  delete document.documentElement.dataset.widgets;
  delete document.documentElement.dataset.trouble;
});

describe("arrival", () => {
  test("a lab is there when it says that it is drawn, and not before", async () => {
    const place = host();
    place.innerHTML = '<div class="synapse-lab"><div class="lab-root"></div></div>';
    let there = false;
    const waiting = arrived(place, "lab").then(() => (there = true));
    await Promise.resolve();
    expect(there).toBe(false);
    place.querySelector<HTMLElement>(".lab-root")!.dataset.drawn = "";
    await waiting;
    expect(there).toBe(true);
  });

  test("what keeps a lab from drawing is what the reader is told", async () => {
    const place = host();
    place.innerHTML = '<div class="synapse-lab"><div class="lab-root" data-drawn="No model came."></div></div>';
    await expect(arrived(place, "lab")).rejects.toMatchObject({ textContent: expect.stringContaining("No model came.") });
  });

  test("a part that is not aboard is no lab", async () => {
    const place = host();
    const note = message("Not aboard.");
    place.append(note);
    await expect(arrived(place, "lab")).rejects.toBe(note);
    await expect(arrived(place, "questions")).rejects.toBe(note);
    // A plain control says the same within what else is there.
    await arrived(place, "other");
  });

  test("questions are there when they stand", async () => {
    const place = host();
    const waiting = arrived(place, "questions");
    place.innerHTML = '<div class="ls-questions"></div>';
    await waiting;
  });
});

describe("the reader's line", () => {
  const at = (place: Element, before: [number, number], after: [number, number]) => {
    const boxes = [before, after].map(([top, bottom]) => ({ top, bottom }) as DOMRect);
    vi.spyOn(place, "getBoundingClientRect").mockReturnValueOnce(boxes[0]).mockReturnValue(boxes[1]);
    const scrolled = vi.spyOn(window, "scrollBy").mockImplementation(() => undefined);
    scrolled.mockClear();
    let changed = 0;
    exchange(place, () => changed++);
    expect(changed).toBe(1);
    return scrolled.mock.calls;
  };

  test("is held when a widget above it takes another height", () => {
    expect(at(host(), [-900, -100], [-900, -60])).toEqual([[{ top: 40, behavior: "instant" }]]);
    expect(at(host(), [-300, 200], [-300, 150])).toEqual([[{ top: -50, behavior: "instant" }]]);
  });

  test("is left alone when the widget begins in view, or fills it", () => {
    expect(at(host(), [100, 400], [100, 500])).toEqual([]);
    expect(at(host(), [-100, 9999], [-100, 9000])).toEqual([]);
  });
});

describe("the watchdog", () => {
  const places = () => {
    document.body.innerHTML = '<div class="widget-place"></div><div class="widget-place"></div>';
    return [...document.querySelectorAll(".widget-place")];
  };

  test("says in every place that runtime.js never ran", () => {
    const found = places();
    watchRuntime();
    window.dispatchEvent(new Event("load"));
    for (const place of found) expect(place.textContent).toContain("runtime.js");
    expect(document.documentElement.dataset.trouble).toContain("runtime.js");
  });

  test("is quiet once it has begun", () => {
    const found = places();
    document.documentElement.dataset.widgets = "starting";
    watchRuntime();
    window.dispatchEvent(new Event("load"));
    for (const place of found) expect(place.textContent).toBe("");
  });

  test("a place says one thing at a time", () => {
    const [place] = places();
    tell(place, message("First."));
    tell(place, message("Second."));
    expect(place.textContent).not.toContain("First.");
    expect(place.querySelectorAll(".widget-trouble").length).toBe(1);
  });
});
