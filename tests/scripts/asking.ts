/**
 * What tests/engines asks of a page, in each engine alike, as `window.asking`. The tests' server puts it first into each
 * page, so that what goes wrong is heard from the beginning.
 */
import * as looking from "./looking";

// -- what goes wrong --------------------------------------------------------------------------------------------------

const heard: string[] = [];
const words = (what: unknown) => (what instanceof Error ? `${what.name}: ${what.message}` : String(what));

// By its specification an error is told where sizes are told a frame later. Where a page has no origin, WebKit hides its
// words, as those of any error: so it is known by its moment, and what a callback itself throws is heard there.
let sized = false;
const Observer = window.ResizeObserver;
window.ResizeObserver = class extends Observer {
  constructor(told: ResizeObserverCallback) {
    super((entries, observer) => {
      try {
        told(entries, observer);
      } catch (error) {
        heard.push(`uncaught: ${words(error)}`);
        throw error;
      }
      sized = true;
      setTimeout(() => (sized = false));
    });
  }
};
const toldLater = ({ message }: ErrorEvent) =>
  message?.startsWith("ResizeObserver loop") || (sized && message === "Script error.");

addEventListener(
  "error",
  (event) => {
    const at = event.target;
    const file = at instanceof Element ? at.getAttribute("src") || at.getAttribute("href") : null;
    if (toldLater(event)) return;
    heard.push(file === null ? `uncaught: ${event.message}` : `missing: ${file}`);
  },
  true,
);
addEventListener("unhandledrejection", (event) => heard.push(`unhandled: ${words(event.reason)}`));
document.addEventListener("securitypolicyviolation", (event) =>
  heard.push(`policy: ${event.violatedDirective} refuses ${event.blockedURI} ${event.sourceFile ?? ""}`),
);
for (const level of ["error", "warn"] as const) {
  const say = console[level].bind(console);
  console[level] = (...what: unknown[]) => {
    heard.push(`console ${level}: ${what.map(words).join(" ")}`);
    say(...what);
  };
}

/** Errors, warnings, files that did not come and violations of the policy since the page began. */
export function complaints(): string[] {
  return heard;
}

// -- waiting ----------------------------------------------------------------------------------------------------------

/** Wait until a condition is true; whether it came to be, within so many ms. */
async function until(condition: () => unknown, limit = 15_000): Promise<boolean> {
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Wait until the page lives: so many labs and blocks of questions. */
export async function alive(labs: number, questions: number): Promise<void> {
  if (await until(() => looking.alive([labs, questions]))) return;
  throw new Error(`the page does not come alive: ${looking.life()}; ${heard.join("; ")}`);
}

// -- labs -------------------------------------------------------------------------------------------------------------

const labs = () => [...document.querySelectorAll<HTMLElement>(".synapse-lab")];
const slidersOf = (lab: Element) => [...lab.querySelectorAll<HTMLElement>("[role=slider]")];

/** How many sliders each lab has. */
export function sliders(): number[] {
  return labs().map((lab) => slidersOf(lab).length);
}

/** Focus the first choice of a lab's prediction; whether it has one. */
export function focusPrediction(lab: number): boolean {
  const choice = labs()[lab].querySelector<HTMLElement>("fieldset input[type=radio]");
  choice?.focus();
  return Boolean(choice);
}

/** Wait until no slider of a lab is locked. */
export async function free(lab: number): Promise<void> {
  const locked = () => labs()[lab].querySelector("[role=slider][aria-disabled=true]");
  if (!(await until(() => !locked()))) throw new Error(`lab ${lab}: the prediction was made, and the sliders stay locked`);
}

export interface Met extends looking.Shown {
  atEnd: boolean;
  label: string;
}

/** Focus a slider: what its lab shows, the slider's name, and whether it stands at its upper end. */
export function focusSlider(lab: number, slider: number): Met {
  const handle = slidersOf(labs()[lab])[slider];
  handle.focus();
  if (document.activeElement !== handle) throw new Error(`lab ${lab}, slider ${slider} takes no focus`);
  return {
    ...looking.shown(labs()[lab]),
    atEnd: Number(handle.ariaValueNow) >= Number(handle.ariaValueMax),
    label: handle.getAttribute("aria-label") ?? "",
  };
}

/** Wait until what a lab shows differs from before in each way; in which ways it does not. */
export async function unmoved(lab: number, before: looking.Shown): Promise<string[]> {
  const differs = (what: keyof looking.Shown) => looking.differs(labs()[lab], what, before[what]);
  const ways = ["values", "curves", "sentence"] as const;
  await until(() => ways.every(differs));
  return ways.filter((what) => !differs(what));
}

/** Forget what the page keeps in this browser. */
export function forget(): void {
  localStorage.clear();
  sessionStorage.clear();
}

// -- addresses --------------------------------------------------------------------------------------------------------

/** Every section that a link can name, in reading order. */
export function sections(): string[] {
  return [...document.querySelectorAll("article section[id], main section[id]")].map((section) => section.id);
}

/** Wait until the page neither grows nor scrolls: the same over 250 ms. */
export async function calm(): Promise<void> {
  const read = () => [scrollY, document.documentElement.scrollHeight, innerWidth].join();
  // What was just scrolled is told to the page with a frame, which a busy machine draws late.
  await looking.frames(2);
  let last = read();
  let since = performance.now();
  const quiet = await until(() => {
    const now = read();
    if (now !== last) [last, since] = [now, performance.now()];
    return performance.now() - since > 250;
  });
  if (!quiet) throw new Error("the page neither stops growing nor scrolling");
}

/** How many px the page stands from where the browser itself would put this section now. */
export async function astray(id: string): Promise<number> {
  await calm();
  const before = scrollY;
  const section = document.getElementById(id);
  if (!section) throw new Error(`no section ${id}`);
  section.scrollIntoView({ behavior: "instant", block: "start" });
  return Math.round(scrollY - before);
}

/** Scroll until a section begins so many px below the window's top; where it then is. */
export async function scrollTo(id: string, top: number): Promise<number> {
  const place = () => document.getElementById(id)!.getBoundingClientRect().top;
  scrollBy({ top: place() - top, behavior: "instant" });
  await calm();
  return place();
}

/** Where a section begins in the window, px, once the page is calm. */
export async function topOf(id: string): Promise<number> {
  await calm();
  return document.getElementById(id)!.getBoundingClientRect().top;
}

// -- touch ------------------------------------------------------------------------------------------------------------

export interface Track {
  value: number;
  min: number;
  max: number;
  /** px in the window: the track's left end and width, its middle, and the thumb's middle. */
  left: number;
  width: number;
  y: number;
  thumb: number;
  scroll: number;
  /** Whether `touch-action` lets the browser scroll up and down from a finger on the track, while that is in view. */
  pans: boolean;
  /** How often scrolling was prevented since the page began. */
  prevented: number;
}

const trackOf = (handle: HTMLElement) => handle.closest<HTMLElement>(".noUi-target")!;
let prevented = 0;
addEventListener("touchmove", (event) => void (prevented += Number(event.defaultPrevented)), { passive: true });

/** Bring a slider to the middle of the window; what can be touched of it. */
export async function track(lab: number, slider: number): Promise<Track> {
  const handle = slidersOf(labs()[lab])[slider];
  // A page that glides on after a swipe would glide away from there.
  await calm();
  trackOf(handle).scrollIntoView({ behavior: "instant", block: "center" });
  await calm();
  return tracked(lab, slider);
}

/** Wait until what was touched has been answered and painted. */
export async function painted(): Promise<void> {
  await looking.frames(3);
}

/** A slider as it now is. */
export function tracked(lab: number, slider: number): Track {
  const handle = slidersOf(labs()[lab])[slider];
  const [bar, thumb] = [trackOf(handle).getBoundingClientRect(), handle.getBoundingClientRect()];
  const middle = bar.top + bar.height / 2;
  return {
    value: Number(handle.ariaValueNow),
    min: Number(handle.ariaValueMin),
    max: Number(handle.ariaValueMax),
    left: bar.left,
    width: bar.width,
    y: middle,
    thumb: thumb.left + thumb.width / 2,
    scroll: scrollY,
    pans: mayPan(document.elementFromPoint(bar.left + bar.width / 2, middle)),
    prevented,
  };
}

/** What `touch-action` says, from an element up to the page. */
function mayPan(element: Element | null): boolean {
  for (let at = element; at; at = at.parentElement) {
    if (!/auto|manipulation|pan-y/.test(getComputedStyle(at).touchAction)) return false;
  }
  return element !== null;
}

let slip = 0;
let stopHolding = () => undefined as void;

/** From now on, at each paint, see how far a slider has slipped up or down in the window. */
export function watchSlip(lab: number, slider: number): void {
  const target = trackOf(slidersOf(labs()[lab])[slider]);
  const { top } = target.getBoundingClientRect();
  let going = true;
  slip = 0;
  const look = async () => {
    while (going) slip = Math.max(slip, Math.abs((await looking.paintedAt(target))[0].top - top));
  };
  void look();
  stopHolding = () => void (going = false);
}

/** How far it slipped at most, px, once the page is calm. */
export async function slipped(): Promise<number> {
  await calm();
  stopHolding();
  return slip;
}

/** A finger for an engine whose driver has none: the events that a browser tells, a swipe up or down taken over by it. */
export async function touch(...path: [x: number, y: number][]): Promise<void> {
  const [x, y] = path[0];
  const on = document.elementFromPoint(x, y);
  if (!on) throw new Error(`nothing is at ${x}, ${y}`);
  const tell = (kind: string, [clientX, clientY]: [number, number]) =>
    on.dispatchEvent(
      new PointerEvent(kind, { bubbles: true, cancelable: true, composed: true, isPrimary: true, pointerId: 7, pointerType: "touch", clientX, clientY }),
    );
  const last = path[path.length - 1];
  tell("pointerdown", path[0]);
  for (const point of path.slice(1)) {
    await new Promise(requestAnimationFrame);
    if (Math.abs(point[1] - y) > 15 && mayPan(on)) return void tell("pointercancel", point);
    tell("pointermove", point);
  }
  tell("pointerup", last);
  if (path.length > 1) return;
  // A browser follows a tap with the events of a mouse.
  for (const kind of ["mousemove", "mousedown", "mouseup", "click"]) {
    on.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y, button: 0, detail: 1 }));
  }
}

// -- what is refused --------------------------------------------------------------------------------------------------

export interface Left {
  /** Labs of the page that live, and places in which a still picture, its sentence and a word on it stand instead. */
  alive: number;
  stills: number;
  /** Places of labs that hold neither. */
  empty: string[];
  dark: boolean;
  /** How many letters can be read. */
  letters: number;
}

/** What is left of a page, or of the page in the first frame, which may run no script of its own. */
export async function left(inFrame: boolean): Promise<Left> {
  const frame = document.querySelector("iframe");
  const page = () => (inFrame ? frame!.contentDocument : document);
  if (!(await until(() => page()?.readyState === "complete" && page()!.querySelector("h1")))) throw new Error("the page does not come");
  const { body, defaultView } = page()!;
  const seen = (element: Element | null, width: number, height: number) => {
    const box = element?.getBoundingClientRect();
    return Boolean(box && box.width >= width && box.height >= height && element!.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  };
  const found: Left = { alive: 0, stills: 0, empty: [], dark: false, letters: body.innerText.length };
  for (const place of body.querySelectorAll(".widget-place[data-kind=lab]")) {
    const still = place.querySelector(".widget-still");
    const told = (selector: string, within: Element | null) =>
      [...(within?.querySelectorAll(selector) ?? [])].some((element) => seen(element, 40, 8) && element.textContent!.trim().length > 20);
    const picture = [...place.querySelectorAll("svg")].some((svg) => seen(svg, 200, 80));
    if (!still && picture && place.querySelector("[role=slider]")) found.alive += 1;
    else if (picture && told(".lab-sentence", still) && told(".still-how, .widget-trouble", place)) found.stills += 1;
    else found.empty.push(place.outerHTML.slice(0, 300));
  }
  const ground = defaultView!.getComputedStyle(body).backgroundColor.match(/[\d.]+/g)!.slice(0, 3);
  found.dark = ground.every((part) => Number(part) < 80);
  return found;
}

/** Wait until so many labs of a page live or have said why not. */
export async function told(labs: number): Promise<void> {
  const settled = () => document.documentElement.dataset.widgets === "ready" || document.querySelectorAll(".widget-trouble").length >= labs;
  await until(settled);
}

/** What the switch of themes shows, pressed through all that it has. */
export function themes(): string[] {
  const toggle = [...document.querySelectorAll<HTMLElement>("button.theme-toggle")].find((button) => button.checkVisibility())!;
  const seen = new Set<string>();
  for (let press = 0; press < 3; press++) {
    toggle.click();
    const light = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.slice(0, 3).every((part) => Number(part) > 150);
    seen.add(light ? "light" : "dark");
  }
  return [...seen].sort();
}

/** Go wrong in each way that `complaints` should hear of; how many ways there are. */
export async function goWrong(): Promise<number> {
  setTimeout(() => {
    throw new Error("thrown");
  });
  void Promise.reject(new Error("rejected"));
  console.error("said");
  const picture = new Image();
  picture.src = "/nowhere.png";
  document.documentElement.append(picture);
  await until(() => heard.length >= 4);
  return 4;
}

/** The inner width and height of the window, px. */
export function windowSize(): [width: number, height: number] {
  return [innerWidth, innerHeight];
}

/** What the system asks for. */
export function systemScheme(): "dark" | "light" {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
