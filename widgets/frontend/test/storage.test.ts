/** Storage that is refused, in every way that browsers and hosts know. */
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const fail = () => {
  throw new Error("refused");
};

const kinds: [string, () => unknown][] = [
  ["throws on access", fail],
  ["is null", () => null],
  ["is absent", () => undefined],
  ["throws at every call", () => ({ getItem: fail, setItem: fail, removeItem: fail })],
  ["is full", () => ({ getItem: () => null, setItem: fail, removeItem: () => undefined })],
  ["forgets at once", () => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined })],
];

test.each(kinds)("where it %s, what is kept lasts as long as the page", async (_, get) => {
  Object.defineProperty(globalThis, "localStorage", { get, configurable: true });
  const { storage, mendStorage } = await import("../src/session/storage");
  storage("localStorage").setItem("theme", "dark");
  expect(storage("localStorage").getItem("theme")).toBe("dark");
  expect(storage("sessionStorage").getItem("theme")).toBeNull();
  mendStorage("localStorage");
  expect(localStorage.getItem("theme")).toBe("dark");
  expect([localStorage.length, localStorage.key(0)]).toEqual([1, "theme"]);
  localStorage.removeItem("theme");
  expect(storage("localStorage").getItem("theme")).toBeNull();
});

test("where it works it is the browser's own, and keeps nothing of the asking", async () => {
  const kept = new Map<string, string>();
  const own = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: own, configurable: true });
  const { storage, mendStorage } = await import("../src/session/storage");
  mendStorage("localStorage");
  expect(globalThis.localStorage).toBe(own);
  expect(storage("localStorage")).toBe(own);
  expect(kept.size).toBe(0);
});
