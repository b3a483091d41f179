/**
 * What a published page runs: it reads the widget state that the notebook saved into the page, rebuilds the widgets
 * and joins them, with no kernel and no network.
 *
 * The page carries two kinds of script tags (see ipywidgets, "Embedding widgets"): one
 * `application/vnd.jupyter.widget-state+json` with every model, and one `application/vnd.jupyter.widget-view+json`
 * where each widget stands, there beside its still (see places.ts).
 *
 * `<html data-widgets>` says how far it is: "starting", and "ready" once every widget is drawn or its place says why
 * not; then `data-trouble` has the last of these words.
 */
import type { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { Widget } from "@lumino/widgets";
import lab from "../view/index";
import questions from "../questions/index";
import { arrived, LATE_MS, started } from "./arrival";
import { target } from "./fragment";
import { built, PageManager } from "./manager";
import { exchange, message, tell } from "./places";
import { returned } from "./return";
import { drawer } from "./memory";
import { guarded } from "./trouble";

const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
const NOT_STARTED = "This interactive figure could not be started.";

const root = document.documentElement;
root.dataset.widgets = "starting";

// The saved `_esm` of these two widgets is only a pointer to here, so that their code stands in this file alone.
// Here the browser keeps what the reader did; in a notebook the kernel does.
const drawers = <P extends object>(widget: { render(props: P): unknown }) => ({ render: (props: P) => widget.render({ ...props, drawers: drawer }) });
(globalThis as Record<string, unknown>).livingSynapse = { lab: guarded(drawers(lab)), questions: guarded(drawers(questions)) };

/** The place of a view; one that was made without a still gets an empty one. */
function placeOf(script: Element): HTMLElement {
  const parent = script.parentElement!;
  if (parent.matches(".widget-place")) return parent;
  const place = document.createElement("div");
  place.className = "widget-place";
  script.before(place);
  // The tag stays, as the record of what was saved.
  place.append(script);
  return place;
}

/** Build a widget out of sight, and put it in its place once it is drawn. */
async function show(manager: PageManager, script: Element): Promise<void> {
  const place = placeOf(script);
  const still = place.querySelector(":scope > .widget-still");
  const host = document.createElement("div");
  host.className = still ? "widget-host arriving" : "widget-host";
  script.before(host);
  let view: DOMWidgetView | null = null;
  try {
    const { model_id: id } = JSON.parse(script.textContent ?? "{}") as { model_id?: string };
    if (!id || !manager.has_model(id)) throw message("This interactive figure was not saved with the page.");
    view = await manager.create_view<DOMWidgetView>((await manager.get_model(id)) as DOMWidgetModel);
    Widget.attach(view.luminoWidget, host);
    if (place.dataset.kind === "other") await started(view.model);
    await built(view);
    await arrived(host, place.dataset.kind ?? "");
    exchange(place, () => {
      still?.remove();
      host.classList.remove("arriving");
    });
  } catch (error) {
    if (!(error instanceof HTMLElement)) console.error(error);
    // Nothing that is dead is left to be moved.
    view?.remove();
    host.remove();
    exchange(place, () => tell(place, error instanceof HTMLElement ? error : message(NOT_STARTED, error)));
  }
  place.dataset.done = "";
  place.removeAttribute("data-late");
}

let touched = false;
for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
  window.addEventListener(kind, () => (touched = true), { once: true, passive: true });
}

/** The next frame, in which sizes are told to who watches them; where none is drawn, out of sight, a second later. */
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, 1000);
  });

/** Resolves once the page is as high as it was a moment ago, or keeps growing for other reasons. */
async function grown(): Promise<void> {
  for (let height = -1, tries = 0; height !== root.scrollHeight && tries < 20; tries++) {
    height = root.scrollHeight;
    await new Promise((resolve) => setTimeout(resolve, 60));
    // A busy machine draws late.
    await frame();
    await frame();
  }
}

/** Show a section, and again if what stands above it grows, until the reader moves the page. */
function land(goal: HTMLElement | null): void {
  if (!goal) return;
  goal.scrollIntoView({ behavior: "instant" });
  let at = scrollY;
  const watch = new ResizeObserver(() => {
    if (touched || Math.abs(scrollY - at) > 2) return watch.disconnect();
    goal.scrollIntoView({ behavior: "instant" });
    at = scrollY;
  });
  watch.observe(document.body);
}

async function start(): Promise<void> {
  const views = [...document.querySelectorAll(VIEW)];
  // While widgets come the page keeps the reader's line itself (see exchange), alike in every browser.
  root.style.setProperty("overflow-anchor", "none");
  const back = returned();
  const places = views.map(placeOf);
  // A model that never starts keeps the others waiting too: each place says so.
  const late = window.setTimeout(() => {
    for (const place of places) place.toggleAttribute("data-late", place.dataset.done === undefined);
  }, LATE_MS);
  const manager = new PageManager();
  try {
    for (const script of document.querySelectorAll(STATE)) await manager.set_state(JSON.parse(script.textContent ?? "{}"));
    await Promise.all(views.map((script) => show(manager, script)));
  } catch (error) {
    console.error(error);
    for (const place of places) tell(place, message("The interactive figures of this page could not be read.", error));
  }
  clearTimeout(late);
  await document.fonts?.ready;
  await grown();
  // Widgets in view may have moved what follows them: a reader who came for one line is taken there again.
  if (!touched && !back()) land(target());
  root.style.removeProperty("overflow-anchor");
  root.dataset.widgets = "ready";
}

// `defer` runs us after parsing, so the page is complete.
if (document.querySelector(VIEW)) void start();
