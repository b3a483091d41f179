/**
 * The drug atlas: a filter above sections that are all there without it.
 *
 * The page brings the form out of use, since without a script it would do nothing; each medicine's section holds an
 * element with its class and with the words that a reader may look for.
 */
import { target } from "./fragment";

/** Words as they are compared: lower case, Greek letters by name, no accents, no hyphens. */
function plain(words: string): string[] {
  const greek: Record<string, string> = { α: "alpha", β: "beta", σ: "sigma" };
  return words
    .toLowerCase()
    .replace(/[αβσ]/g, (letter) => greek[letter] ?? letter)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[-\u2010-\u2015]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/**
 * Whether every word of a query begins a word of the text. "5ht2", "5-HT2a" and "ht2a" find "5-ht2a": a hyphen may be
 * left out, and so may what stands before it.
 */
export function matches(text: string, query: string): boolean {
  const asked = plain(query);
  if (!asked.length) return true;
  const whole = plain(text);
  const parts = plain(text.replace(/[-\u2010-\u2015]/g, " "));
  return asked.every((word) => [...whole, ...parts].some((candidate) => candidate.startsWith(word)));
}

/** What the reader is told, and hears: "66 medicines", "7 of 66 medicines", or that none fits. */
export function count(shown: number, all: number): string {
  if (shown === all) return `${all} medicines`;
  if (shown === 0) return `None of the ${all} medicines fits. Take a shorter word, or all classes.`;
  return `${shown} of ${all} medicines`;
}

/** Set the filter going, if this page is the atlas. */
export function filterAtlas(): void {
  const form = document.querySelector<HTMLFormElement>("form.atlas-filter");
  const words = form?.querySelector<HTMLInputElement>("input");
  const choice = form?.querySelector<HTMLSelectElement>("select");
  const status = form?.querySelector<HTMLElement>(".atlas-count");
  if (!form || !words || !choice || !status) return;
  const places = new Map<string, HTMLElement[]>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".atlas-index li > a")) {
    const place = link.parentElement;
    if (place) places.set(link.hash.slice(1), [...(places.get(link.hash.slice(1)) ?? []), place]);
  }
  const medicines = [...document.querySelectorAll<HTMLElement>("article .atlas-entry")].map((entry) => {
    const section = entry.closest("section");
    const anchors = section ? [section.id, ...[...section.querySelectorAll("span[id]")].map((span) => span.id)] : [];
    const links = anchors.flatMap((id) => places.get(id) ?? []);
    return { section, links, class: entry.dataset.class ?? "", words: entry.dataset.words ?? "" };
  });
  const groups = [...new Set(medicines.map((medicine) => medicine.section?.parentElement))];
  const lines = document.querySelectorAll<HTMLElement>(".atlas-index > div");

  const apply = () => {
    let shown = 0;
    for (const medicine of medicines) {
      const fits = (!choice.value || medicine.class === choice.value) && matches(medicine.words, words.value);
      if (fits) shown += 1;
      if (medicine.section) medicine.section.hidden = !fits;
      for (const link of medicine.links) link.hidden = !fits;
    }
    for (const group of groups) if (group) group.hidden = !group.querySelector("section:not([hidden])");
    for (const line of lines) line.hidden = !line.querySelector("li:not([hidden])");
    const said = count(shown, medicines.length);
    if (status.textContent !== said) status.textContent = said;
  };
  /** An address leads to its medicine, whatever the filter hides. */
  const follow = () => {
    const wanted = target();
    if (!wanted?.closest("section[hidden]")) return;
    words.value = choice.value = "";
    apply();
    wanted.scrollIntoView({ behavior: "instant" });
  };
  let waiting = 0;
  words.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(apply, 120);
  });
  choice.addEventListener("change", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(waiting);
    apply();
  });
  window.addEventListener("hashchange", follow);
  words.disabled = choice.disabled = false;
  apply(); // a browser that comes back to the page brings the old words along
  follow();
}
