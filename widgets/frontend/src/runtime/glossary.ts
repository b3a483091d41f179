/**
 * Definitions of glossary terms where they stand, on hover and on focus.
 *
 * The build writes the definitions that a page links to into `#glossary-terms`. The panel follows WCAG 1.4.13: Escape
 * dismisses it, the pointer may move onto it, and it stays until the reader leaves. The link still leads to the glossary.
 */
import { decoded } from "./fragment";

const HOVER_DELAY = 250; // ms: a pointer that only crosses a term should not be interrupted
const LEAVE_DELAY = 200; // ms: a hand that slips off is forgiven
const GAP = 6; // px between a term and its panel

type Entries = Record<string, [term: string, definition: string]>;

/** Hidden texts for screen readers: present from the start, because a description added on focus comes too late. */
function describe(links: HTMLAnchorElement[], entries: Entries, anchorOf: (link: HTMLAnchorElement) => string): void {
  const store = document.createElement("div");
  store.hidden = true;
  for (const [anchor, [, definition]] of Object.entries(entries)) {
    const text = document.createElement("p");
    text.id = `definition-of-${anchor}`;
    text.textContent = definition;
    store.append(text);
  }
  document.body.append(store);
  for (const link of links) link.setAttribute("aria-describedby", `definition-of-${anchorOf(link)}`);
}

class Panel {
  private readonly box = document.createElement("div");
  private timer = 0;
  private owner: HTMLAnchorElement | undefined;

  constructor(private readonly entryOf: (link: HTMLAnchorElement) => [string, string]) {
    this.box.className = "glossary-panel";
    this.box.hidden = true;
    // Screen readers have the description already; the panel is its visible twin.
    this.box.setAttribute("aria-hidden", "true");
    document.querySelector(".book-body")?.append(this.box);
    this.box.addEventListener("pointerenter", () => window.clearTimeout(this.timer));
    this.box.addEventListener("pointerleave", () => this.soon(LEAVE_DELAY, () => this.hide()));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hide();
    });
    window.addEventListener("resize", () => this.hide());
  }

  attach(link: HTMLAnchorElement): void {
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") this.soon(HOVER_DELAY, () => this.show(link));
    });
    link.addEventListener("pointerleave", () => this.soon(LEAVE_DELAY, () => this.hide()));
    link.addEventListener("focus", () => {
      if (link.matches(":focus-visible")) this.show(link);
    });
    link.addEventListener("blur", () => {
      if (this.owner === link) this.hide();
    });
  }

  private soon(delay: number, action: () => void): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(action, delay);
  }

  private show(link: HTMLAnchorElement): void {
    window.clearTimeout(this.timer);
    this.owner = link;
    const [term, definition] = this.entryOf(link);
    const name = document.createElement("strong");
    name.textContent = term;
    this.box.replaceChildren(name, definition);
    this.box.hidden = false;
    const place = (link.getClientRects()[0] ?? link.getBoundingClientRect()) as DOMRect;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - width - 8));
    const below = place.bottom + GAP;
    const top = below + height > window.innerHeight && place.top > height + 2 * GAP ? place.top - height - GAP : below;
    this.box.style.left = `${left + window.scrollX}px`;
    this.box.style.top = `${top + window.scrollY}px`;
  }

  private hide(): void {
    window.clearTimeout(this.timer);
    this.owner = undefined;
    this.box.hidden = true;
  }
}

export function followGlossary(): void {
  const data = document.getElementById("glossary-terms");
  if (!data) return;
  const entries = JSON.parse(data.textContent ?? "{}") as Entries;
  const anchorOf = (link: HTMLAnchorElement) => decoded(link.hash.slice(1));
  const links = [...document.querySelectorAll<HTMLAnchorElement>('article a[href*="#term-"]')].filter(
    (link) => anchorOf(link) in entries && !link.classList.contains("headerlink"),
  );
  describe(links, entries, anchorOf);
  const panel = new Panel((link) => entries[anchorOf(link)]);
  for (const link of links) {
    link.classList.add("glossary-term");
    panel.attach(link);
  }
}
