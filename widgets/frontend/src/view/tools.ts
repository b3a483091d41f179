/** The lab's tools: reset, permalink, data table and CSV file. */

export interface Column {
  /** "Serotonin between the neurons" */
  title: string;
  /** "µM" */
  unit: string;
}

export interface Numbers {
  caption: string;
  /** First column: time. */
  columns: Column[];
  rows: string[][];
}

export function button(words: string, action: () => void, title = ""): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "lab-button";
  made.textContent = words;
  if (title) made.title = title;
  made.addEventListener("click", action);
  return made;
}

// -- permalink --------------------------------------------------------------------------------------------------

/** "#lab=ssri&reuptake_inhibition=0.8": which lab, and where its sliders stand. */
export function permalink(name: string, values: Record<string, number>): string {
  const parts = Object.entries(values).map(([key, value]) => `${encodeURIComponent(key)}=${Number(value.toFixed(6))}`);
  return `#${[`lab=${encodeURIComponent(name)}`, ...parts].join("&")}`;
}

/** The settings a link asks of the lab called `name`; null if the link is not for it. Nonsense in it is left out. */
export function readPermalink(hash: string, name: string): Record<string, number> | null {
  const parts = hash.replace(/^#/, "").split("&").map((part) => part.split("="));
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  if (parts[0]?.[0] !== "lab" || decode(parts[0][1] ?? "") !== name) return null;
  const values: Record<string, number> = {};
  for (const [key, value] of parts.slice(1)) {
    const number = value === undefined || value === "" ? NaN : Number(value);
    if (Number.isFinite(number)) values[decode(key)] = number;
  }
  return values;
}

/** Put the link in the address bar and on the clipboard; returns what to tell the reader. */
export async function share(hash: string): Promise<string> {
  history.replaceState(history.state, "", hash);
  try {
    await navigator.clipboard.writeText(location.href);
    return "Link copied";
  } catch {
    return "Link is in the address bar";
  }
}

/** Take the link of the lab called `name` out of the address bar, so that the page opens afresh. */
export function forget(name: string): void {
  if (readPermalink(location.hash, name)) history.replaceState(history.state, "", location.href.split("#")[0]);
}

// -- numbers ----------------------------------------------------------------------------------------------------

export function fillTable(table: HTMLTableElement, numbers: Numbers): void {
  const caption = document.createElement("caption");
  const words = document.createElement("span");
  words.textContent = numbers.caption;
  caption.append(words);
  const head = document.createElement("thead");
  const headRow = head.insertRow();
  for (const column of numbers.columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column.unit ? `${column.title}, ${column.unit}` : column.title;
    headRow.append(cell);
  }
  const body = document.createElement("tbody");
  for (const row of numbers.rows) {
    const line = body.insertRow();
    row.forEach((text, i) => {
      const cell = document.createElement(i === 0 ? "th" : "td");
      if (i === 0) (cell as HTMLTableCellElement).scope = "row";
      cell.textContent = text;
      line.append(cell);
    });
  }
  table.replaceChildren(caption, head, body);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(numbers: Numbers): string {
  const header = numbers.columns.map((column) => quoted(column.unit ? `${column.title} (${column.unit})` : column.title));
  return [header, ...numbers.rows.map((row) => row.map(quoted))].map((row) => row.join(",")).join("\r\n") + "\r\n";
}

export function download(fileName: string, text: string): void {
  // The mark lets spreadsheets read µ and %.
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
