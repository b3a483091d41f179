/**
 * Fractions as labelled bars: how much of each target is occupied. A table, so that it is read out as one; the bars are
 * its decoration. One column of bars, or two where two medicines are compared.
 */
import { percentOf } from "../../words/numbers";

export interface BarRow {
  /** "SERT" */
  label: string;
  /** Under the label: "takes serotonin back". */
  note?: string;
  /** Name of the palette's colour; the lab's own where there is none. */
  hue?: string;
}

export interface BarValue {
  /** 0..1; null: not known. */
  value: number | null;
  /** Where a mark stands for comparison. */
  ghost?: number;
  /** Beside the number: "measured". */
  basis?: string;
  /** The value is only known to be at most this. */
  bound?: boolean;
  /** How far off it may typically be, as a fraction; drawn as a line to both sides. */
  error?: number;
}

interface Cell {
  fill: HTMLElement;
  ghost: HTMLElement;
  error: HTMLElement;
  number: HTMLElement;
  basis: HTMLElement;
}

export class Bars {
  readonly element = document.createElement("table");
  private readonly cells: Cell[][] = [];
  private readonly heads: HTMLElement[] = [];
  private readonly lines: HTMLTableRowElement[] = [];
  private arranged = "";

  /** `columns`: how many bars a row has; `groups`: words over rows that stand together. */
  constructor(caption: string, rows: readonly BarRow[], columns: number, private readonly groups: readonly string[] = [""]) {
    const { element } = this;
    element.className = "lab-bars";
    element.dataset.columns = String(columns);
    const title = element.createCaption();
    title.textContent = caption;
    const head = element.createTHead().insertRow();
    const corner = document.createElement("th");
    corner.scope = "col";
    corner.textContent = "Target";
    head.append(corner);
    for (let k = 0; k < columns; k++) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = "Occupied";
      head.append(cell);
      this.heads.push(cell);
    }
    if (columns === 1) element.tHead!.className = "lab-unseen";
    for (const words of groups) {
      const body = element.createTBody();
      if (!words) continue;
      const cell = document.createElement("th");
      cell.scope = "rowgroup";
      cell.colSpan = columns + 1;
      cell.className = "lab-bars-group";
      cell.textContent = words;
      body.insertRow().append(cell);
    }
    for (const row of rows) {
      const line = element.tBodies[0].insertRow();
      if (row.hue) line.style.setProperty("--bar-hue", `var(--ls-${row.hue})`);
      const label = document.createElement("th");
      label.scope = "row";
      label.append(row.label);
      if (row.note) {
        const note = document.createElement("span");
        note.className = "lab-bars-note";
        note.textContent = row.note;
        label.append(" ", note);
      }
      line.append(label);
      const made: Cell[] = [];
      for (let k = 0; k < columns; k++) made.push(this.cell(line.insertCell(), k));
      this.cells.push(made);
      this.lines.push(line);
    }
  }

  /** The words over a column of bars, "A: Sertraline, 50 mg"; where there is no room for the name it is only read out. */
  name(column: number, letter: string, name: string, amount: string): void {
    const head = this.heads[column];
    if (head.textContent === `${letter}: ${name}, ${amount}`) return;
    const long = document.createElement("span");
    long.className = "lab-bars-name";
    long.textContent = `: ${name}`;
    head.replaceChildren(letter, long, `, ${amount}`);
  }

  /** Which group each row stands in; null leaves it out. */
  arrange(places: readonly (number | null)[]): void {
    const key = places.join();
    if (key === this.arranged) return;
    this.arranged = key;
    this.lines.forEach((line, row) => {
      const place = places[row];
      line.hidden = place === null;
      if (place !== null) this.element.tBodies[place].append(line);
    });
    this.groups.forEach((words, place) => {
      if (words) this.element.tBodies[place].hidden = !places.includes(place);
    });
  }

  /** `values[column][row]` */
  update(values: readonly (readonly BarValue[])[]): void {
    values.forEach((column, k) =>
      column.forEach(({ value, ghost, basis, bound, error }, row) => {
        const { fill, ghost: mark, error: line, number, basis: under } = this.cells[row][k];
        const known = value !== null;
        fill.style.setProperty("--share", String(known ? Math.min(1, Math.max(0, value)) : 0));
        fill.toggleAttribute("data-bound", Boolean(bound));
        fill.dataset.basis = basis ?? "";
        mark.hidden = ghost === undefined;
        if (ghost !== undefined) mark.style.setProperty("--at", String(ghost));
        line.hidden = !known || error === undefined;
        if (known && error !== undefined) {
          line.style.setProperty("--low", String(Math.max(0, value - error)));
          line.style.setProperty("--high", String(Math.min(1, value + error)));
        }
        // "At most 0 %" would be a strange thing to say of what is next to nothing.
        const words = known ? `${bound && value >= 0.0005 ? "at most " : ""}${percentOf(value)}` : "not known";
        if (number.textContent !== words) number.textContent = words;
        if (under.textContent !== (basis ?? "")) under.textContent = basis ?? "";
      }),
    );
  }

  private cell(holder: HTMLTableCellElement, column: number): Cell {
    const make = (className: string) => {
      const made = document.createElement("span");
      made.className = className;
      return made;
    };
    holder.dataset.column = String(column);
    const track = make("lab-bar");
    track.setAttribute("aria-hidden", "true");
    const fill = make("lab-bar-fill");
    const ghost = make("lab-bar-ghost");
    const error = make("lab-bar-error");
    track.append(fill, ghost, error);
    const number = make("lab-bar-number");
    const basis = make("lab-bar-basis");
    holder.append(track, number, " ", basis);
    return { fill, ghost, error, number, basis };
  }
}
