/** The default exports of a folder's files; build.mjs makes the module when it bundles. */
declare module "found:panels" {
  import type { PanelKind } from "./view/panel";
  const found: readonly PanelKind[];
  export default found;
}
