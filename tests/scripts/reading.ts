/**
 * Whether the words on a page can be read as a reader has set them: with wider spacing, in large letters, in a narrow
 * window, in a page of the other direction. For tests/browser/test_reading.py.
 */

interface Line {
  text: string;
  element: Element;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const shown = (element: Element) => element.checkVisibility({ checkVisibilityCSS: true, opacityProperty: true } as CheckVisibilityOptions);
/** What is only read out is 1 px wide. */
const unseen = (element: Element) => {
  for (let each: Element | null = element; each; each = each.parentElement) {
    if (each instanceof HTMLElement && each.offsetWidth <= 1 && getComputedStyle(each).overflow === "hidden") return true;
  }
  return false;
};

/** The lines of text in sight within `root`: letters stand in the middle of their line, whose space may be shared. */
function lines(root: Element): Line[] {
  const found: Line[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement!;
    if (!text.textContent?.trim() || !shown(element) || unseen(element) || element.closest("title, option, script, style")) continue;
    range.selectNodeContents(text);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const spare = 0.24 * (bottom - top);
      if (right - left > 1) found.push({ text: text.textContent.trim().slice(0, 40), element, left, right, top: top + spare, bottom: bottom - spare });
    }
  }
  return found;
}

const apart = (a: Line, b: Line) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;

/** The nearest ancestor that cuts off what goes beyond it and cannot be scrolled; null if none does. */
function cutter(line: Line): Element | null {
  for (let each: Element | null = line.element; each; each = each.parentElement) {
    const { overflowX, overflowY, position } = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    if (overflowX === "hidden" && (line.right > box.right + 1.5 || line.left < box.left - 1.5)) return each;
    if (overflowY === "hidden" && (line.bottom > box.bottom + 1.5 || line.top < box.top - 1.5)) return each;
    if (/auto|scroll/.test(overflowX) || position === "fixed") return null;
  }
  return null;
}

/** Words within each element of `selector` that overlap others, are cut off, or stand beyond it; and how many were seen. */
export function faults(selector: string): { faults: string[]; seen: number } {
  const found: string[] = [];
  let seen = 0;
  for (const root of document.querySelectorAll(selector)) {
    const all = lines(root);
    seen += all.length;
    const box = root.getBoundingClientRect();
    all.forEach((line, i) => {
      const cut = cutter(line);
      if (cut) found.push(`“${line.text}” is cut off by <${cut.tagName.toLowerCase()} class="${cut.getAttribute("class")}">`);
      const scrolled = line.element.closest(".lab-table-scroll, .lab-scene-room[tabindex], .table-wrapper, .figure-scroll, pre, .math-wrapper");
      if (!scrolled && (line.right > box.right + 1 || line.left < box.left - 1)) {
        found.push(`“${line.text}” stands ${Math.round(Math.max(line.right - box.right, box.left - line.left))} px beyond its card`);
      }
      for (const other of all.slice(i + 1)) {
        if (!apart(line, other)) found.push(`“${line.text}” and “${other.text}” overlap`);
      }
    });
  }
  return { faults: [...new Set(found)], seen };
}

/** How far the page goes beyond the window sideways, px. */
export function sideways(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** The smallest letters drawn in the labs' pictures, px on the screen, and how many texts were measured. */
export function smallestDrawn(selector: string): { size: number; seen: number } {
  const sizes = [...document.querySelectorAll<SVGTextElement>(`${selector} svg text`)]
    .filter((text) => text.textContent?.trim() && shown(text))
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM()!.a);
  return { size: Math.min(...sizes), seen: sizes.length };
}

/** Each word's place within its card, to a whole px. */
export function places(selector: string): string[] {
  return [...document.querySelectorAll(selector)].flatMap((root) => {
    const box = root.getBoundingClientRect();
    return lines(root).map((line) => `${line.text} ${Math.round(line.left - box.left)} ${Math.round(line.top - box.top)}`);
  });
}
