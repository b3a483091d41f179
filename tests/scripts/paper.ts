/** What does not fit on paper: elements that reach over the text's width, and parts that are cut off. */

/** Laid beside what is seen, or clipped to a pixel for screen readers alone. */
const unseen = (element: Element) => {
  const { width, height } = element.getBoundingClientRect();
  return width <= 1 || height <= 1 || getComputedStyle(element).clipPath.startsWith("inset(50%");
};

/** Each offence in words; `looked` is how many elements were measured. To be called under print media. */
export function overruns(width: number): { looked: number; found: string[] } {
  const found: string[] = [];
  let looked = 0;
  for (const element of document.querySelectorAll("article *")) {
    const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!seen || element.closest(".lab-unseen, .ls-unseen") || !element.getClientRects().length || unseen(element)) continue;
    looked += 1;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`;
    const words = (element.textContent ?? "").trim().slice(0, 40);
    if (box.right > width + 1 || box.left < -1)
      found.push(`${name} from ${Math.round(box.left)} to ${Math.round(box.right)} of ${width}: ${words}`);
    const clips = /auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY);
    const wider = element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 2;
    if (clips && wider && element instanceof HTMLElement && element.clientWidth)
      found.push(`${name} is cut: ${element.scrollWidth} x ${element.scrollHeight} in ${element.clientWidth} x ${element.clientHeight}: ${words}`);
  }
  return { looked, found };
}

/** Folds that stay shut, by their summaries; a lab's table repeats its drawing and is printed if a reader opened it. */
export function folded(): string[] {
  const shut = [...document.querySelectorAll<HTMLDetailsElement>("article details:not(.lab-details, .lab-use)")].filter(
    (fold) => ![...fold.children].slice(1).every((part) => part.checkVisibility({ opacityProperty: true })),
  );
  return shut.map((fold) => fold.querySelector("summary")?.textContent?.trim() ?? "");
}

/** What only a screen needs and is seen all the same. */
export function leftovers(): string[] {
  const parts = ".book-header, .book-footer, .book-search, .headerlink, .lab-tools, .lab-use, .lab-presets, button, [type=search]";
  return [...document.querySelectorAll(parts)]
    .filter((each) => each.checkVisibility())
    .map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
}

/** Colours of the page: grounds behind the text, and inks of headings and paragraphs. */
export function colours(): [grounds: number[][], inks: number[][]] {
  const rgb = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const opaque = (colour: number[]) => colour.length === 3 || colour[3] > 0;
  const of = (selector: string) => [...document.querySelectorAll(selector)].map((each) => getComputedStyle(each));
  const grounds = of("html, body, .book, article, .synapse-lab, .ls-question").map((style) => rgb(style.backgroundColor));
  const inks = of("article :is(h1, h2, p)").map((style) => rgb(style.color));
  return [grounds.filter(opaque).map((each) => each.slice(0, 3)), inks.map((each) => each.slice(0, 3))];
}

let printing = false;

// A printer lays the page out anew and tells no observer of it: what was drawn for the window stays as it was drawn.
const Observer = window.ResizeObserver;
window.ResizeObserver = class extends Observer {
  constructor(told: ResizeObserverCallback) {
    super((...seen) => {
      if (!printing) told(...seen);
    });
  }
};

/** From now on the page is laid out for a printer. */
export function print(): void {
  printing = true;
}
