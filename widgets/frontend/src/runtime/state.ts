/** The widget state that a page carries, with what widgets/book/state.py wrote only once put back in its places. */

interface Saved {
  state?: Record<string, { state?: { spec?: { models?: { javascript: string }[] } } }>;
}

const SAME = /^same:(.+):(\d+)$/;

export function readState(text: string): any {
  const saved = JSON.parse(text) as Saved;
  for (const { state } of Object.values(saved.state ?? {})) {
    for (const model of state?.spec?.models ?? []) {
      const [, widget, place] = SAME.exec(model.javascript) ?? [];
      const first = widget === undefined ? undefined : saved.state?.[widget]?.state?.spec?.models?.[Number(place)];
      if (first) model.javascript = first.javascript;
    }
  }
  return saved;
}
