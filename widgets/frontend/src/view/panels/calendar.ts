/** A calendar: one button for each time of a schedule, which a press turns to its next amount. */
import type { Schedule } from "../../model/experiment";
import { SpecError, type ScheduleControl } from "../../spec/read";
import { capital, clean, grouped } from "../../words/numbers";
import { make, write } from "../dom";
import { panelKind } from "../panel";

export default panelKind("calendar", "below", (spec, lab) => {
  const control = lab.spec.controls.find((each): each is ScheduleControl => each.name === spec.control && each.kind === "schedule");
  if (!control) throw new SpecError(`“${spec.control}” is no schedule of this lab: a calendar needs one.`);
  const title = make("div", "lab-chart-title", control.label);
  title.id = `${lab.id}-${control.name}-calendar`;
  const cells = make("div", "lab-calendar-cells");
  cells.setAttribute("role", "group");
  cells.setAttribute("aria-labelledby", title.id);
  let shown: Schedule = [];

  const words = (amount: number) => (amount > 0 ? `${grouped(clean(amount))} ${control.unit}`.trim() : "none");
  const next = (amount: number) => spec.amounts[(spec.amounts.indexOf(amount) + 1) % spec.amounts.length];
  const turn = (place: number) => {
    lab.set(control.name, shown.map(([time, amount], i) => [time, i === place ? next(amount) : amount] as const));
  };
  const cell = (place: number) => {
    const button = make("button", "lab-calendar-cell", make("span", "lab-calendar-when"), " ", make("span", "lab-calendar-amount"));
    button.type = "button";
    button.setAttribute("data-lm-suppress-shortcuts", "true");
    button.addEventListener("click", () => turn(place));
    return button;
  };
  return {
    element: make("div", "lab-calendar", title, cells),
    draw({ locked, settings }) {
      shown = settings[control.name] as Schedule;
      while (cells.children.length < shown.length) cells.append(cell(cells.children.length));
      while (cells.children.length > shown.length) cells.lastElementChild!.remove();
      shown.forEach(([time, amount], place) => {
        const button = cells.children[place] as HTMLButtonElement;
        const when = `${spec.cell} ${clean(Math.round((time / spec.every) * 10) / 10) + 1}`;
        write(button.children[0] as HTMLElement, capital(when));
        write(button.children[1] as HTMLElement, words(amount));
        button.dataset.taken = amount > 0 ? "yes" : "no";
        button.title = `A press makes it ${words(next(amount))}`;
        button.setAttribute("aria-disabled", String(locked));
      });
    },
  };
});
