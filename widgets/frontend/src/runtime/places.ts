/**
 * Widgets' places in a page: the still that stands there from the start, the live widget that takes its room in one
 * step, and the words that are said where none comes.
 */

/** Put into the page by widgets/book/stills.py. */
export const PLACES = ".widget-place";

const COMPLETE = "The text around it is complete; the notebook of this chapter runs the same figure with Python.";

/** A paragraph that says what went wrong and what still works; `error` is added for whoever reports it. */
export function message(text: string, error?: unknown): HTMLElement {
  const note = document.createElement("p");
  note.className = "widget-trouble";
  note.setAttribute("role", "note");
  note.textContent = `${text} ${COMPLETE}`;
  if (error !== undefined) {
    const detail = document.createElement("code");
    detail.textContent = error instanceof Error ? error.message : String(error);
    note.append(" ", detail);
  }
  return note;
}

/** Say over a place's still why no live widget stands there. */
export function tell(place: Element, note: HTMLElement): void {
  place.querySelector(":scope > .widget-trouble")?.remove();
  place.prepend(note);
  place.setAttribute("data-trouble", "");
  document.documentElement.dataset.trouble = note.textContent ?? "";
}

/**
 * Change what stands in a place; whoever reads below it, with its beginning out of view, keeps their line. Browsers
 * differ in doing so by themselves.
 */
export function exchange(place: Element, change: () => void): void {
  const before = place.getBoundingClientRect();
  change();
  if (before.top >= 0 || before.bottom > innerHeight) return;
  const moved = place.getBoundingClientRect().bottom - before.bottom;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
}
