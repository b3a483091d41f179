/** Drawn words follow the reader's letters: a drawing is laid out in fewer units and shown larger. */

/** The size of the reader's letters over the usual 16 px; small letters do not make small drawings. */
export function letters(): number {
  return Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1);
}

/** Whether the reader has set letters wider apart than usual (WCAG 1.4.12). */
export function spaced(element: Element): boolean {
  return parseFloat(getComputedStyle(element).letterSpacing) > 0;
}

/**
 * Lay a chart out for the room in `holder`, if it is shown: `draw` is told how many units of width there are and how
 * large each is shown. Of a narrow room `least` units remain, so that there is something left between the words.
 */
export function fit(holder: Element, draw: (width: number, by: number) => void, least = 200): void {
  const room = holder.clientWidth;
  if (!room) return;
  const by = Math.max(1, Math.min(letters(), room / least));
  draw(room / by, by);
}
