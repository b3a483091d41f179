/**
 * How the browser layer looks at a page. Every page that a test opens has these functions as `window.looking`; they read
 * and never change what they look at (but for a mark on what Tab has met).
 */

// -- a page and its labs --------------------------------------------------------------------------------------------

/** Whether every lab has drawn its curves, every block of questions stands, and the runtime says it is done. */
export function alive([labs, questions]: [labs: number, questions: number]): boolean {
  const drawn = [...document.querySelectorAll(".synapse-lab")].filter((lab) =>
    [...lab.querySelectorAll("path.curve")].some((path) => path.getAttribute("d")),
  );
  return (
    drawn.length >= labs &&
    document.querySelectorAll(".ls-questions").length >= questions &&
    (labs + questions === 0 || document.documentElement.dataset.widgets === "ready")
  );
}

/** What there is of it: labs, curves, blocks of questions, and what the runtime says. */
export function life(): [number, number, number, string | undefined] {
  const count = (selector: string) => document.querySelectorAll(selector).length;
  return [count(".synapse-lab"), count("path.curve"), count(".ls-questions"), document.documentElement.dataset.widgets];
}

export interface Shown {
  /** Of a curve's path, which is long and read at every frame of a wait, its length and a hash (FNV-1a) stand for it. */
  curves: string[];
  /** The live sentence: the last word of the lab on what is drawn. */
  sentence: string;
  values: number[];
}

const READ: { [What in keyof Shown]: (lab: Element) => Shown[What] } = {
  curves: (lab) =>
    [...lab.querySelectorAll("path.curve")].map((path) => {
      const drawn = path.getAttribute("d") ?? "";
      let hash = 0x811c9dc5;
      for (let i = 0; i < drawn.length; i++) hash = Math.imul(hash ^ drawn.charCodeAt(i), 0x01000193);
      return drawn && `${drawn.length}:${(hash >>> 0).toString(16)}`;
    }),
  sentence: (lab) => [...lab.querySelectorAll("[role=status]")].map((node) => node.textContent?.trim()).join(" | "),
  values: (lab) => [...lab.querySelectorAll("[role=slider]")].map((handle) => Number(handle.ariaValueNow)),
};

/** What a lab shows, in one reading. */
export function shown(lab: Element): Shown {
  return { curves: READ.curves(lab), sentence: READ.sentence(lab), values: READ.values(lab) };
}

/** Whether one of these is no longer as it was. */
export function differs(lab: Element, what: keyof Shown, before: unknown): boolean {
  return JSON.stringify(READ[what](lab)) !== JSON.stringify(before);
}

/** Wait until the (debounced) sentence and the drawing no longer change: the same over 300 ms, for 5 s at most. */
export async function settle(lab: Element): Promise<void> {
  const read = () => JSON.stringify(shown(lab));
  let last = read();
  let since = performance.now();
  const end = since + 5000;
  while (performance.now() - since < 300 && performance.now() < end) {
    await new Promise(requestAnimationFrame);
    const now = read();
    if (now !== last) {
      last = now;
      since = performance.now();
    }
  }
}

/** Wait for so many animation frames. */
export async function frames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
}

/** A number that is no number, or a missing value, in anything a reader or a drawing program would meet. */
export function nonsense(lab: Element): string[] {
  const markup = lab.outerHTML;
  return [...markup.matchAll(/NaN|undefined|Infinity|\[object |\bnull\b/g)].map((hit) =>
    markup.slice(Math.max(0, hit.index - 80), hit.index + 60),
  );
}

/** Markup of everything drawn in a lab, and positions that a style sheet may animate. */
export function drawing(lab: Element): string {
  const place = (part: Element) => {
    const { x, y } = part.getBoundingClientRect();
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return [...lab.querySelectorAll("svg, canvas")]
    .map((drawn) => {
      const picture = drawn instanceof HTMLCanvasElement ? drawn.toDataURL() : "";
      return drawn.outerHTML + picture + [...drawn.querySelectorAll("*")].map(place).join(" ");
    })
    .join();
}

/**
 * Where elements stand as the next frame is painted. Asked at once, the page may tell of a layout that nobody sees: what
 * has just grown has moved what is below it, and what holds that still is heard with the frame.
 */
export function paintedAt(...elements: Element[]): Promise<DOMRectReadOnly[]> {
  return new Promise((resolve) => {
    const found = new Map<Element, DOMRectReadOnly>();
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) found.set(entry.target, entry.boundingClientRect);
      if (found.size < new Set(elements).size) return;
      watch.disconnect();
      resolve(elements.map((each) => found.get(each)!));
    });
    for (const each of elements) watch.observe(each);
  });
}

/** How many px of the tallest visible part of a curve are in the window, and whether the focused handle is. */
export async function inView(lab: Element): Promise<{ curve: number; handle: boolean }> {
  const curves = [...lab.querySelectorAll<SVGPathElement>("path.curve")].map((path) => path.ownerSVGElement!);
  const [handle, ...drawings] = await paintedAt(document.activeElement!, ...curves);
  const visible = drawings.map((svg) => Math.min(svg.bottom, innerHeight) - Math.max(svg.top, 0));
  return { curve: Math.max(...visible), handle: handle.top >= 0 && handle.bottom <= innerHeight };
}

// -- contrast -------------------------------------------------------------------------------------------------------

type Colour = [r: number, g: number, b: number, alpha: number];

/** What axe does not judge: SVG text is painted with `fill`, and traces are graphics (WCAG 1.4.3 and 1.4.11). */
export function contrast(): { faults: string[]; texts: number; traces: number } {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const rgba = (colour: string): Colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const light = ([r, g, b]: Colour) =>
    [r, g, b]
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a: Colour, b: Colour) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (element: Element | null): Colour => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const seen = (element: Element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const faults: string[] = [];
  let texts = 0;
  let traces = 0;
  for (const text of document.querySelectorAll<SVGTextElement>("svg text")) {
    const words = text.textContent?.trim() ?? "";
    const style = getComputedStyle(text);
    if (!words || !seen(text) || style.display === "none" || style.fill === "none") continue;
    const size = parseFloat(style.fontSize);
    const bold = Number(style.fontWeight) >= 700;
    texts++;
    const got = ratio(rgba(style.fill), ground(text.ownerSVGElement));
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    if (got < needed) faults.push(`text "${words.slice(0, 40)}" ${style.fill}: ${got.toFixed(2)}`);
  }
  for (const path of document.querySelectorAll<SVGPathElement>("path.curve")) {
    if (!seen(path) || !path.getAttribute("d")) continue;
    traces++;
    const { stroke } = getComputedStyle(path);
    const got = ratio(rgba(stroke), ground(path.ownerSVGElement));
    if (got < 3) faults.push(`curve ${stroke}: ${got.toFixed(2)}`);
  }
  return { faults, texts, traces };
}

/**
 * Wait until what is fading in has arrived. An animation of something that is not drawn (JupyterLab keeps such) never
 * ends, so the waiting does, after 2 s.
 */
export async function faded(): Promise<void> {
  const running = document
    .getAnimations()
    .filter((each) => each.playState === "running" && each.effect?.getComputedTiming().endTime !== Infinity);
  const enough = new Promise((resolve) => setTimeout(resolve, 2000));
  await Promise.race([enough, Promise.allSettled(running.map((each) => each.finished))]);
}

// -- the keyboard ---------------------------------------------------------------------------------------------------

/** Put a mark on an element, by which `focus` knows it again. */
export function mark(element: HTMLElement, name: string): string {
  element.dataset.testMark = name;
  return name;
}

export interface Focus {
  /** It was here before: the round is complete. */
  again: boolean;
  /** What lies over it. */
  by: string;
  mark: string | null;
  /** Whether a part of it is in front. */
  seen: boolean;
  what: string;
  /** Whether it shows that it has the focus. */
  ring: boolean;
}

/** The focused element, once it has stood still for so many frames. */
export async function focus(frames: number): Promise<Focus | null> {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return null;
  for (let still = 0, last = "", i = 0; still < frames && i < 120; i++) {
    await new Promise(requestAnimationFrame);
    const { x, y } = element.getBoundingClientRect();
    const now = [x, y].join();
    still = now === last ? still + 1 : 0;
    last = now;
  }
  const again = element.dataset.testMet === "yes";
  element.dataset.testMet = "yes";
  const host: HTMLElement = (element as HTMLInputElement).labels?.[0] ?? element;
  const boxes = [...element.getClientRects(), ...(host === element ? [] : host.getClientRects())];
  const points = boxes.flatMap((box) =>
    [0.1, 0.5, 0.9].flatMap((x) =>
      [0.2, 0.5, 0.8].map((y): [number, number] => [box.left + box.width * x, box.top + box.height * y]),
    ),
  );
  const hit = ([x, y]: [number, number]) => {
    const top = document.elementFromPoint(x, y);
    return Boolean(
      top && (element.contains(top) || (top.contains(element) && top.closest("label") === host) || host.contains(top)),
    );
  };
  const marked = (part: Element | null) => {
    if (!part) return false;
    const style = getComputedStyle(part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
  };
  const over = points.length ? document.elementFromPoint(...points[Math.floor(points.length / 2)]) : null;
  return {
    again,
    by: over ? `${over.tagName}.${over.getAttribute("class")}` : "the edge of the window",
    mark: element.dataset.testMark ?? null,
    seen: points.some(hit),
    what: element.outerHTML.slice(0, 160),
    ring: [element, host, element.parentElement].some(marked) || [...element.querySelectorAll("*")].some(marked),
  };
}

// -- a page as a whole ----------------------------------------------------------------------------------------------

/** What a cell printed and runs out of its box. */
export function cutPrints(): string[] {
  return [...document.querySelectorAll(".cell_output pre")]
    .filter((print) => print.scrollWidth > print.clientWidth + 1)
    .map((print) => print.textContent!.slice(0, 80));
}

/** How wide the page is, and what makes it wider than the window. */
export function width(): { scroll: number; limit: number; over: string[] } {
  const root = document.scrollingElement!;
  const limit = root.clientWidth;
  const clipped = (element: Element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  const over = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > limit + 1 && box.left < limit && !clipped(element);
  });
  return { scroll: root.scrollWidth, limit, over: over.slice(0, 5).map((element) => element.outerHTML.slice(0, 160)) };
}

/** Pictures without words for those who do not see them, and how many were looked at. */
export function unnamedPictures(): { faults: string[]; count: number } {
  const named = (element: Element) =>
    (element.getAttribute("aria-label") || "").trim() ||
    element
      .getAttribute("aria-labelledby")
      ?.split(/\s+/)
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" ")
      .trim() ||
    (element.matches("svg") && [...element.children].find((child) => child.tagName === "title")?.textContent?.trim());
  const faults: string[] = [];
  let count = 0;
  for (const image of document.images) {
    count++;
    const silent = image.closest("[aria-hidden=true]") || image.getAttribute("role") === "presentation";
    if (!image.hasAttribute("alt") || (!image.alt.trim() && !silent)) faults.push(image.outerHTML.slice(0, 200));
  }
  for (const svg of document.querySelectorAll("svg")) {
    const parent = svg.parentElement!;
    if (parent.closest("svg") || svg.closest("[aria-hidden=true]") || !svg.checkVisibility() || parent.closest("[role=img]")) continue;
    // A labelled button or link may hold a drawing that adds nothing to its name.
    const holder = svg.closest("a, button, label");
    if (holder && named(holder)) continue;
    count++;
    if (!named(svg)) faults.push(svg.outerHTML.slice(0, 200));
  }
  return { faults, count };
}

/** In the atlas on a phone: numbers without a word before them, and how many have one. */
export function bareNumbers(): [bare: string[], told: number] {
  const cells = [...document.querySelectorAll(".model-table.atlas td:not(:first-child)")].filter((cell) =>
    /^[<>]?\s*[\d.,]+(\s\S+)?$/.test(cell.textContent!.trim()),
  );
  const word = (cell: Element) => getComputedStyle(cell, "::before").content;
  const bare = cells.filter((cell) => ["none", "normal", '""'].includes(word(cell)));
  const shown = (cell: Element) => `${cell.closest("table")!.className}: ${cell.textContent}`;
  return [bare.map(shown), cells.length - bare.length];
}

/** Whether an element lies within the window's width and below its top. */
export function inside(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return box.left >= 0 && box.right <= document.documentElement.clientWidth && box.top >= 0;
}

export interface Framed {
  /** Where the lower edge of each slider and menu stands, px from the top of the page. */
  sliders: number[];
  /** What the page tells whoever frames it. */
  height: number;
  /** The page is wider than its frame. */
  wide: boolean;
  trouble: string;
}

/** A lab on a page of its own. */
export function framed(): Framed {
  const moved = [...document.querySelectorAll(".synapse-lab :is([role=slider], select)")];
  return {
    sliders: moved.map((each) => Math.ceil(each.getBoundingClientRect().bottom + scrollY)),
    height: Math.ceil(document.body.getBoundingClientRect().height),
    wide: document.documentElement.scrollWidth > innerWidth,
    trouble: document.documentElement.dataset.trouble ?? "",
  };
}

/** In the page around frames: a frame of its own for the next lab, since the lab before it is "ready" too. */
export function frameAnew(address: string): void {
  (window as unknown as { told: unknown[] }).told.length = 0;
  const before = document.getElementById("lab") as HTMLIFrameElement;
  const fresh = before.cloneNode() as HTMLIFrameElement;
  fresh.src = address;
  before.replaceWith(fresh);
}
