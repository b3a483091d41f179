/** What is known of the medicines chosen, as a short list each. */
import { capital } from "../../words/numbers";
import { make, unbroken } from "../dom";
import { panelKind } from "../panel";
import { letterOf, medicinesOf } from "../sides";

export default panelKind("facts", "charts", (_, lab) => {
  const drive = medicinesOf(lab.session);
  const sections = drive.spec.sides.map(() => make("div", ""));
  return {
    element: make("div", "lab-facts", ...sections),
    draw({ settings }) {
      sections.forEach((section, side) => {
        const { facts, name } = drive.medicine(side, settings);
        if (section.dataset.drug === name) return;
        section.dataset.drug = name;
        const letter = letterOf(drive, side);
        const title = make("div", "lab-facts-name", letter ? `${letter}: ${capital(name)}` : capital(name));
        const list = make("dl", "", ...facts.map(([term, words]) => make("div", "", make("dt", "", term), make("dd", "", ...unbroken(words)))));
        section.replaceChildren(title, list);
      });
    },
  };
});
