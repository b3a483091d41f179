/** A model that several labs of a page run is written once into the page, and put back where it belongs. */
import { expect, test } from "vitest";
import { readState } from "../src/runtime/state";

const lab = (...javascript: string[]) => ({ state: { spec: { models: javascript.map((text) => ({ javascript: text })) } } });

test("what stands in another lab is put back, and what does not is left alone", () => {
  const saved = { state: { a: lab("export 1", "export 2"), b: lab("same:a:1", "export 3"), slider: { state: { value: 1 } } } };
  const read = readState(JSON.stringify(saved));
  expect(read.state.b).toEqual(lab("export 2", "export 3"));
  expect(read.state.a).toEqual(saved.state.a);
  expect(read.state.slider).toEqual(saved.state.slider);
});

test("a place that is not there stays as it is, and the lab says what is wrong", () => {
  expect(readState(JSON.stringify({ state: { b: lab("same:gone:0") } })).state.b).toEqual(lab("same:gone:0"));
  expect(readState("{}")).toEqual({});
});
