/** A lab on a bare page: the labs' own script, and a widget model that does what the sliders' links do, no more. */
import type { WidgetModel } from "../../widgets/frontend/src/view/controls";

type Traits = Record<string, unknown>;

function modelOf(traits: Traits): WidgetModel {
  const listeners: Record<string, (() => void)[]> = {};
  const state = { ...traits };
  return {
    get: (name) => state[name],
    set(name, value) {
      if (Object.is(state[name], value)) return;
      state[name] = value;
      for (const call of listeners[`change:${name}`] ?? []) call();
    },
    on: (event, call) => void (listeners[event] ??= []).push(call),
    off: (event, call) => void (listeners[event] = (listeners[event] ?? []).filter((each) => each !== call)),
    save_changes() {},
  };
}

/** Render a lab into <main>; `window.model` then moves it and `window.close_lab` takes it away. */
export async function show([script, traits, classes]: [string, Traits, string]): Promise<void> {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const box = document.createElement("div");
  const el = document.createElement("div");
  box.className = classes;
  box.append(el);
  document.querySelector("main")!.append(box);
  const model = modelOf(traits);
  const { default: lab } = await import(/* webpackIgnore: true */ address);
  Object.assign(window, { model, close_lab: undefined });
  Object.assign(window, { close_lab: await lab.render({ model, el }) });
}

/** Set several traits, as sliders' links do. */
export function move(values: Traits): void {
  const { model } = window as unknown as { model: WidgetModel };
  for (const [name, value] of Object.entries(values)) model.set(name, value);
}
