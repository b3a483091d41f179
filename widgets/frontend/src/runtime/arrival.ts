/** When a widget that was built is there to be used, or why it never will be. */
import type { WidgetModel } from "@jupyter-widgets/base";
import { message } from "./places";

/** After this long the reader is told that a widget is still starting. */
export const LATE_MS = 8000;

/**
 * Resolves once the widget in `host` is drawn; rejects with a note for the reader if it cannot be. `kind`: of the still
 * in its place; what is neither lab nor questions is drawn when it is built.
 */
export function arrived(host: HTMLElement, kind: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      const lab = host.querySelector<HTMLElement>(".lab-root[data-drawn]");
      const own = kind === "lab" || host.querySelector(".synapse-lab") !== null;
      const said = host.querySelector<HTMLElement>(".widget-trouble");
      if (lab?.dataset.drawn) reject(message(lab.dataset.drawn));
      else if (said && (own || kind === "questions")) reject(said);
      else if (own ? lab : kind !== "questions" || host.querySelector(".ls-questions")) resolve();
      else return false;
      return true;
    };
    if (look()) return;
    const watch = new MutationObserver(() => {
      if (look()) watch.disconnect();
    });
    watch.observe(host, { attributes: true, attributeFilter: ["data-drawn"], childList: true, subtree: true });
  });
}

/**
 * Resolves once the program that a widget of anywidget brings along has started and was asked to draw; rejects with its
 * error. anywidget's views do not wait for that, its messages do: this one says nothing. The error reaches nobody but the
 * window, which does not know whose it was; it is taken for that of each widget which has not started.
 */
export async function started(model: WidgetModel): Promise<void> {
  if (model.get("_model_module") !== "anywidget") return;
  let stop = () => {};
  const failed = new Promise<never>((_, reject) => {
    const heard = ({ reason }: PromiseRejectionEvent) => reject(reason);
    window.addEventListener("unhandledrejection", heard);
    stop = () => window.removeEventListener("unhandledrejection", heard);
  });
  const nothing = { content: { data: {} } } as Parameters<WidgetModel["_handle_comm_msg"]>[0];
  // The widget draws when its model has started; an error in that is heard in a task of its own, before the next but one.
  const next = () => new Promise((resolve) => setTimeout(resolve));
  const drew = model._handle_comm_msg(nothing).then(next).then(next);
  await Promise.race([drew, failed]).finally(stop);
}
