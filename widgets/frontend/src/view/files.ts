/** The numbers of a run as a table and as a CSV file. */
import type { Numbers } from "../session/numbers";

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
