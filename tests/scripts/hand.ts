/** What a hand meets: how large each target is, whether what it moves stays in its place, and what is drawn meanwhile. */

let strayed = 0;

/** From now on note how far, in px, an element strays from its present place in the window. */
export function follow(element: Element): void {
  const first = element.getBoundingClientRect().top;
  strayed = 0;
  const look = () => {
    strayed = Math.max(strayed, Math.abs(element.getBoundingClientRect().top - first));
    requestAnimationFrame(() => setTimeout(look));
  };
  look();
}

/** How far it strayed. */
export function farthest(): number {
  return strayed;
}

/** Scroll the page so that an element's top stands so far below the window's. */
export function bring(element: Element, top: number): void {
  window.scrollBy({ top: element.getBoundingClientRect().top - top, behavior: "instant" });
}

/** Whether the page has not scrolled for 200 ms. */
export async function resting(): Promise<boolean> {
  const before = scrollY;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return scrollY === before;
}

/** Whether every lab has drawn, has its controls and has spoken, and the page says that it is ready. */
export function drawn(): boolean {
  const labs = [...document.querySelectorAll(".synapse-lab")];
  const said = (lab: Element) => (lab.querySelector(".lab-sentence")?.textContent ?? "").length > 10;
  const moves = (lab: Element) => lab.querySelector(".noUi-handle, .lab-menu, .lab-calendar-cell");
  return document.documentElement.dataset.widgets === "ready" && labs.every((lab) => said(lab) && moves(lab));
}

const met = new Set<string>();

/** From now on note what a first lab with a curve shows: whether it asks its question, and its first value. */
export function meet(): void {
  new MutationObserver(() => {
    if (!document.querySelector("path.curve")?.getAttribute("d")) return;
    const asks = document.querySelector(".lab-gate fieldset") ? "asks" : "answers";
    met.add(`${asks}, ${document.querySelector(".lab-value")?.textContent}`);
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

export function meetings(): string[] {
  return [...met];
}

// -- targets --------------------------------------------------------------------------------------------------------

const TARGETS = "a[href], button, input:not([type=hidden]), select, summary, textarea, [role=button], [role=slider]";

/** A link in running text is as high as its line (WCAG 2.5.8, "inline"). */
function inline(element: Element): boolean {
  return element.matches("a") && getComputedStyle(element).display === "inline" && element.closest("article, .book-footer") !== null;
}

/** A tick or a dot is pressed with its label. */
function area(element: Element): DOMRect {
  const label = element.matches("input[type=radio], input[type=checkbox]") ? (element as HTMLInputElement).labels?.[0] : null;
  return (label ?? element).getBoundingClientRect();
}

/** What is pressed and is smaller than `least` px either way; and how many were measured. */
export function small(least: number): { faults: string[]; count: number } {
  const faults: string[] = [];
  let count = 0;
  for (const element of document.querySelectorAll(TARGETS)) {
    const { width, height } = area(element);
    // What is only for screen readers, until it has the focus, is a pixel.
    if (!element.checkVisibility({ visibilityProperty: true }) || width <= 1 || height <= 1 || inline(element)) continue;
    count++;
    if (width >= least - 0.5 && height >= least - 0.5) continue;
    const words = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40);
    faults.push(`${element.tagName.toLowerCase()}.${element.getAttribute("class")} “${words}”: ${width.toFixed(0)} x ${height.toFixed(0)}`);
  }
  return { faults, count };
}
