/** The widget manager of a page without a kernel. */
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
// Only the families of controls that the book uses: date pickers, tags, video and tabs would add a third to the bundle.
import * as bool from "@jupyter-widgets/controls/lib/widget_bool";
import * as box from "@jupyter-widgets/controls/lib/widget_box";
import * as button from "@jupyter-widgets/controls/lib/widget_button";
import * as description from "@jupyter-widgets/controls/lib/widget_description";
import * as float from "@jupyter-widgets/controls/lib/widget_float";
import * as int from "@jupyter-widgets/controls/lib/widget_int";
import * as link from "@jupyter-widgets/controls/lib/widget_link";
import * as selection from "@jupyter-widgets/controls/lib/widget_selection";
import * as string from "@jupyter-widgets/controls/lib/widget_string";
import { nameControl } from "./accessibility";
import { anywidget } from "./anywidget";
import { message } from "./places";
import { missingModel, missingView } from "./trouble";

type Classes = Record<string, unknown>;

const MODULES: Record<string, Classes> = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": {
    ...bool, ...box, ...button, ...description, ...float, ...int, ...link, ...selection, ...string,
  },
  anywidget,
};

/** Resolves once the views that stand in a view are made, and those in them. */
export async function built(view: base.WidgetView): Promise<void> {
  const children = (view as { children_views?: base.ViewList<base.WidgetView> | null }).children_views?.views ?? [];
  await Promise.all(children.map(async (child) => built(await child)));
}

export class PageManager extends ManagerBase {
  /** Children are made by their parents, so this is the one place that sees every control of the page. */
  override create_view<VT extends base.DOMWidgetView = base.DOMWidgetView>(model: base.DOMWidgetModel, options?: unknown): Promise<VT>;
  override create_view<VT extends base.WidgetView = base.WidgetView>(model: base.WidgetModel, options?: unknown): Promise<VT>;
  override create_view(model: base.WidgetModel, options = {}): Promise<never> {
    const made = super.create_view(model, options) as unknown as Promise<base.DOMWidgetView>;
    void made.then((view) => {
      if (view instanceof base.ErrorWidgetView) {
        view.el.replaceChildren(message("This interactive figure could not be started.", view.model.get("error")));
        view.el.onclick = view.el.ondblclick = null;
      }
      void view.displayed?.then(() => nameControl(view.el));
    });
    return made as Promise<never>;
  }

  protected override async loadClass(className: string, moduleName: string): Promise<never> {
    const found = MODULES[moduleName]?.[className];
    if (found) return found as never;
    // A widget of a family that is not aboard gets a stand-in that says so, and the rest of the page works on.
    return (className.endsWith("View") ? missingView(className) : missingModel(className, moduleName)) as never;
  }

  /** There is no kernel: nothing is open on the other side, and what is sent goes nowhere. */
  protected override async _get_comm_info(): Promise<Record<string, never>> {
    return {};
  }

  protected override async _create_comm(target: string, id: string): Promise<base.IClassicComm> {
    const nothing = () => undefined;
    return {
      comm_id: id, target_name: target, open: () => "", send: () => "", close: () => "", on_msg: nothing, on_close: nothing,
    } as unknown as base.IClassicComm;
  }
}
