/** What moved in a page without the reader's doing, from its first moment on. */

export type Shift = [value: number, at: number, ...moved: string[]];

export const seen: Shift[] = [];

interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}

new PerformanceObserver((list) => {
  for (const entry of list.getEntries() as LayoutShift[]) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 90) : String(node)));
    seen.push([entry.value, entry.startTime, ...moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
