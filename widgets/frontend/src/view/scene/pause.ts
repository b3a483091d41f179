/**
 * Whether the drawings stand still because the reader paused them: one choice for all drawings of a page, remembered in
 * this browser. Where motion is unwelcome they start still, and a reader who lets them move does so for this page alone.
 */

import { storage } from "../../session/storage";

const KEY = "living-synapse:drawings";
const CHANGED = "living-synapse:drawings";
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** In JupyterLab each lab is a module of its own: the choice stands on the page, which they share. */
const onPage = document.documentElement.dataset;

/** Where storage is refused, in a frame or by the reader, the choice holds for this page. */
const remembered = () => storage("localStorage").getItem(KEY) === "still";

function remember(still: boolean): void {
  if (still) storage("localStorage").setItem(KEY, "still");
  else storage("localStorage").removeItem(KEY);
}

/** Whether the drawings stand still now. */
export function paused(): boolean {
  return onPage.drawings ? onPage.drawings === "still" : reduced.matches || remembered();
}

/** Pause all drawings of the page, or let them move. */
export function pause(still: boolean): void {
  onPage.drawings = still ? "still" : "moving";
  // Nothing is forgotten or kept for a reader whose system already says that nothing shall move.
  if (!reduced.matches) remember(still);
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls `changed()` whenever `paused()` may have changed, in another page of this browser too; returns the way to end it. */
export function watchPause(changed: () => void): () => void {
  const fromStorage = (event: StorageEvent) => {
    if (event.key !== KEY || reduced.matches) return;
    delete onPage.drawings;
    changed();
  };
  const onSystem = () => {
    delete onPage.drawings;
    changed();
  };
  window.addEventListener(CHANGED, changed);
  window.addEventListener("storage", fromStorage);
  reduced.addEventListener("change", onSystem);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener("storage", fromStorage);
    reduced.removeEventListener("change", onSystem);
  };
}

const BARS = "M4 2v12M12 2v12";
const TRIANGLE = "M4 2.5v11L13.5 8Z";

/** The button in a drawing's corner. */
export function pauseButton(): { element: HTMLButtonElement; show(): void } {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "lab-pause";
  element.setAttribute("aria-label", "Pause the drawing");
  element.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path/></svg>';
  element.addEventListener("click", () => pause(!paused()));
  const icon = element.querySelector("path")!;
  return {
    element,
    show() {
      const still = paused();
      element.setAttribute("aria-pressed", String(still));
      icon.setAttribute("d", still ? TRIANGLE : BARS);
    },
  };
}
