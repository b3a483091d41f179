/**
 * anywidget ships as an AMD module: `define(["@jupyter-widgets/base"], factory)`.
 *
 * Its factory is captured here and called exactly once, because each call makes its own registry of models and a view
 * made by a second one would not find its model.
 */
import * as base from "@jupyter-widgets/base";

type Factory = (from: typeof base) => Record<string, unknown>;

const page = globalThis as { define?: unknown };
let factory: Factory | undefined;
const before = page.define;
page.define = (_dependencies: string[], made: Factory) => {
  factory = made;
};
// `require`, not `import`: imports are hoisted above the line that defines `define`.
declare const require: (module: string) => unknown;
require("anywidget");
if (before === undefined) delete page.define;
else page.define = before;
if (!factory) throw new Error("anywidget did not define itself; its packaging may have changed");

export const anywidget = factory(base);
