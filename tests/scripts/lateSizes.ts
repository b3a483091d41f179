/** Sizes are told to who watches them only when a test says so: what a page needs at once it must not wait for. */
const Observer = window.ResizeObserver;
let held: (() => void)[] | null = [];

window.ResizeObserver = class extends Observer {
  constructor(told: ResizeObserverCallback) {
    super((entries, observer) => {
      if (held) held.push(() => told(entries, observer));
      else told(entries, observer);
    });
  }
};

/** Tell what was held back, and from now on at once; how much it was. */
export function tell(): number {
  const all = held ?? [];
  held = null;
  for (const told of all) told();
  return all.length;
}
