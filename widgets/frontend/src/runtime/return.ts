/**
 * A reader who loads a page again finds the line that they had before them, though the widgets above it come later. The
 * line is kept with the page's place in the browser's history, and nowhere else.
 */

interface Line {
  /** Which of the article's blocks. */
  block: number;
  /** Where its upper edge stood, px from the window's. */
  top: number;
}

const blocks = () => [...document.querySelectorAll<HTMLElement>("article :is(h1, h2, h3, p, table, figure, .widget-place)")].filter(
  // What stands in a widget comes and goes.
  (block) => !block.parentElement?.closest(".widget-place"),
);

function remember(): void {
  const all = blocks();
  const block = all.findIndex((each) => each.getBoundingClientRect().bottom > 0);
  if (block < 0) return;
  const line: Line = { block, top: all[block].getBoundingClientRect().top };
  try {
    history.replaceState({ ...history.state, line }, "");
  } catch {
    // A page in a frame of its own may have no history to write.
  }
}

/** Begins to keep the line; the function it returns goes back to the one that was kept, and says whether there was one. */
export function returned(): () => boolean {
  const line = (history.state as { line?: Line } | null)?.line;
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const again = entry?.type === "reload" || entry?.type === "back_forward";
  window.addEventListener("pagehide", remember);
  // Chromium and Firefox may have read the history by then: the line is kept whenever the page has come to rest.
  let rest = 0;
  const rested = () => {
    clearTimeout(rest);
    rest = window.setTimeout(() => document.documentElement.dataset.widgets === "ready" && remember(), 200);
  };
  for (const kind of ["scroll", "resize"]) window.addEventListener(kind, rested, { passive: true });
  return () => {
    const block = again && line && scrollY > 0 ? blocks()[line.block] : undefined;
    if (!block || !line) return false;
    const moved = block.getBoundingClientRect().top - line.top;
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
    return true;
  };
}
