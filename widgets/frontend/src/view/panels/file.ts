/** A button that saves the numbers of the run, with the settings, as a CSV file. */
import { fileNumbers } from "../../session/numbers";
import { button } from "../dom";
import { csv, download } from "../files";
import { panelKind } from "../panel";

export default panelKind("file", "tools", (_, lab) => {
  const save = () => {
    const frame = lab.frame();
    if (!frame) return;
    try {
      download(`${lab.spec.name}.csv`, csv(fileNumbers(lab.session, frame)));
    } catch (error) {
      lab.refuse(error);
    }
  };
  return { element: button("CSV", save, "Save the numbers of this run as a file"), draw() {} };
});
