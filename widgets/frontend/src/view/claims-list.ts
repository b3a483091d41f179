/** The list of claims under the chart: each with a mark, a word, its own words, and what was measured. */
import type { Standing } from "../model/claims";
import type { ClaimSpec } from "../spec/generated";
import { measured, needs, tally } from "../words/claims";

const SVG = "http://www.w3.org/2000/svg";
/** A tick, a cross, a dash: told apart without their colours. */
const MARKS = { holds: "M2.5 8.5 6.2 12.2 13.5 4", fails: "M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5", open: "M3 8H13" };
type Kind = keyof typeof MARKS;
const WORDS: Record<Kind, string> = { holds: "holds", fails: "fails", open: "open" };

interface Line {
  item: HTMLLIElement;
  mark: SVGPathElement;
  word: HTMLElement;
  /** "2.9 times", the one part that changes at every step; what it needs stands beside it. */
  value: HTMLElement;
  needs: HTMLElement;
}

export class ClaimsList {
  readonly element = document.createElement("div");
  private readonly tally = document.createElement("span");
  private readonly lines: Line[];

  constructor(
    id: string,
    private readonly claims: readonly ClaimSpec[],
  ) {
    this.element.className = "lab-claims";
    const title = document.createElement("span");
    title.className = "lab-chart-title";
    title.id = `${id}-claims`;
    title.textContent = "Which conclusions survive?";
    this.tally.className = "lab-tally";
    const head = document.createElement("div");
    head.className = "lab-claims-head";
    head.append(title, this.tally);
    const list = document.createElement("ul");
    // A list without its dots is no list to some screen readers, unless it says so.
    list.setAttribute("role", "list");
    list.setAttribute("aria-labelledby", title.id);
    this.lines = claims.map((claim) => this.line(claim));
    list.append(...this.lines.map(({ item }) => item));
    this.element.append(head, list);
  }

  /** `hidden`: the reader has yet to predict, and is not told the answers. */
  update(standings: readonly Standing[], hidden: boolean): void {
    write(this.tally, hidden ? "" : tally(standings));
    standings.forEach((standing, i) => {
      const { item, mark, word, value, needs: rest } = this.lines[i];
      const kind: Kind = hidden || standing.holds === null ? "open" : standing.holds ? "holds" : "fails";
      if (item.dataset.standing !== kind) {
        item.dataset.standing = kind;
        mark.setAttribute("d", MARKS[kind]);
        word.textContent = WORDS[kind];
      }
      const told = !hidden && standing.holds !== null;
      write(value, told ? measured(this.claims[i], standing) : "");
      value.hidden = !told;
      write(rest, told ? `; ${needs(this.claims[i])}` : hidden ? "after your prediction" : "cannot be told with these settings");
    });
  }

  private line(claim: ClaimSpec): Line {
    const item = document.createElement("li");
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 16 16");
    drawing.setAttribute("aria-hidden", "true");
    const mark = document.createElementNS(SVG, "path");
    drawing.append(mark);
    const word = document.createElement("span");
    word.className = "lab-claim-word";
    const text = document.createElement("span");
    text.className = "lab-claim-text";
    text.textContent = claim.text;
    if (claim.source) {
      const source = document.createElement("span");
      source.className = "lab-claim-source";
      source.textContent = `(${claim.source})`;
      text.append(" ", source);
    }
    const ratio = document.createElement("span");
    ratio.className = "lab-claim-ratio";
    const value = document.createElement("span");
    value.className = "lab-claim-value";
    const needs = document.createElement("span");
    ratio.append(value, needs);
    // Read one after another: "holds, blocking ..., 2.9 times; needs at least 2".
    item.append(drawing, word, " ", text, " ", ratio);
    return { item, mark, word, value, needs };
  }
}

function write(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}
