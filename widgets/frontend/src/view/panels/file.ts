/** A button that saves the numbers of the run, with the settings, as a CSV file. */
import { fileNumbers } from "../../session/numbers";
import { button } from "../dom";
import { csv, download } from "../files";
import { panelKind } from "../panel";

/** A frame without an origin may be one that saves nothing, and is not told so. A page from disk has none either. */
const SANDBOX = window.origin === "null" && window.top !== window.self && location.protocol !== "file:";

export default panelKind("file", "tools", (_, lab) => {
  const save = () => {
    const frame = lab.frame();
    if (!frame) return;
    try {
      download(`${lab.spec.name}.csv`, csv(fileNumbers(lab.session, frame)));
      if (SANDBOX) lab.say("If no file came: this frame may not save files. Open the lab on a page of its own.", element);
    } catch (error) {
      lab.refuse(error);
    }
  };
  const element = button("CSV", save, "Save the numbers of this run as a file");
  return { element, draw() {} };
});
