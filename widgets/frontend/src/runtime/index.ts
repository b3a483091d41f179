/**
 * What a published page runs: it reads the widget state that the notebook saved into the page, rebuilds the widgets
 * and joins them, with no kernel and no network.
 *
 * The page carries two kinds of script tags (see ipywidgets, "Embedding widgets"): one
 * `application/vnd.jupyter.widget-state+json` with every model, and one `application/vnd.jupyter.widget-view+json`
 * where each widget stands.
 */
import { Widget } from "@lumino/widgets";
import lab from "../view/index";
import questions from "../questions/index";
import { PageManager } from "./manager";
import { readState } from "./state";
import { guarded, message } from "./trouble";

const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

// The saved `_esm` of these two widgets is only a pointer to here, so that their code stands in this file alone.
(globalThis as Record<string, unknown>).livingSynapse = { lab: guarded(lab), questions: guarded(questions) };

/** Put a container where the view's script tag stands; the tag itself stays, as the record of what was saved. */
function place(script: Element): HTMLElement {
  const host = document.createElement("div");
  host.className = "widget-host";
  script.before(host);
  return host;
}

async function show(manager: PageManager, script: Element): Promise<void> {
  const host = place(script);
  try {
    const { model_id: id } = JSON.parse(script.textContent ?? "{}") as { model_id?: string };
    if (!id || !manager.has_model(id)) {
      host.append(message("This interactive figure was not saved with the page."));
      return;
    }
    const view = await manager.create_view(await manager.get_model(id));
    Widget.attach(view.luminoWidget, host);
  } catch (error) {
    console.error(error);
    host.append(message("This interactive figure could not be started.", error));
  }
}

let touched = false;
for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
  window.addEventListener(kind, () => (touched = true), { once: true, passive: true });
}

async function start(): Promise<void> {
  const views = [...document.querySelectorAll(VIEW)];
  if (views.length === 0) return;
  const manager = new PageManager();
  try {
    for (const script of document.querySelectorAll(STATE)) await manager.set_state(readState(script.textContent ?? "{}"));
  } catch (error) {
    console.error(error);
    for (const script of views) place(script).append(message("The interactive figures of this page could not be read.", error));
    return;
  }
  await Promise.all(views.map((script) => show(manager, script)));
  // The widgets pushed down what follows them: a reader who came for one section is taken there again.
  if (!touched && location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  document.documentElement.dataset.widgets = "ready";
}

// `defer` runs us after parsing, so the page is complete.
void start();
