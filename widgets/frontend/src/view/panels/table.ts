/** The numbers of the run in a disclosure. */
import type { Frame } from "../../session/frame";
import { tableNumbers } from "../../session/numbers";
import { make } from "../dom";
import { fillTable } from "../files";
import { panelKind } from "../panel";

export default panelKind("table", "tail", (_, lab) => {
  const body = make("table", "lab-table");
  // It scrolls sideways where the page is narrow, which the keyboard must be able to do too.
  const scroller = make("div", "lab-table-scroll", body);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "group");
  scroller.setAttribute("aria-label", "Table of this run");
  const details = make("details", "lab-details", make("summary", "lab-button", "Table"), scroller);
  let filled: Frame | null = null;
  const fill = (frame: Frame | null) => {
    if (!details.open || !frame || frame === filled) return;
    filled = frame;
    fillTable(body, tableNumbers(lab.session, frame));
  };
  details.addEventListener("toggle", () => fill(lab.frame()));
  return { element: make("div", "lab-numbers", details), draw() {}, rest: fill };
});
