/** What a reader sees in place of a widget that cannot be shown: words, not an empty box. */
import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import { message } from "./places";

interface RenderContext {
  el: HTMLElement;
}
interface AnyWidget {
  render?: (context: never) => unknown;
}

/** The same widget, whose `render` shows a message in its place if it throws. */
export function guarded<T extends AnyWidget>(widget: T): T {
  const { render } = widget;
  if (!render) return widget;
  const safe = async (context: RenderContext) => {
    try {
      return await render.call(widget, context as never);
    } catch (error) {
      console.error(error);
      context.el.replaceChildren(message("This interactive figure could not be started.", error));
      return undefined;
    }
  };
  return { ...widget, render: safe };
}

/** Holds the state of a widget whose class is not aboard, so that what is linked to it does not fail. */
export function missingModel(name: string, module: string): typeof DOMWidgetModel {
  return class extends DOMWidgetModel {
    override defaults() {
      return { ...super.defaults(), _view_name: name.replace(/Model$/, "View"), _view_module: module };
    }
  };
}

export function missingView(name: string): typeof DOMWidgetView {
  return class extends DOMWidgetView {
    override render(): void {
      super.render();
      const family = name.replace(/View$/, "");
      this.el.append(message(`A control of the kind "${family}" needs Python and is not part of this page.`));
    }
  };
}
