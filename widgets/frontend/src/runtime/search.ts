/**
 * What the search page adds to Sphinx's search: an end to every search, and the book's other names.
 *
 * It is loaded between Sphinx's search tools and its index, and changes the index as it comes in, so that what it adds
 * is found, ranked and combined like any word of the book.
 */

type Files = number | number[];

/** What of Sphinx's index is read and written here; whatever else it has stays as it is. */
interface Index {
  terms: Record<string, Files>;
  titleterms: Record<string, Files>;
  /** Title -> where it stands: [number of the page, anchor or null]. */
  alltitles: Record<string, [number, string | null][]>;
}

/** The part of Sphinx's search tools that is used here. */
interface Tools {
  setIndex(index: Index): void;
  query(text: string): void;
  hasIndex(): boolean;
  stopPulse(): void;
  title?: HTMLElement;
  status?: HTMLElement;
}

/** Longer texts are nobody's question, and each of their words would be compared with every word of the book. */
const LONGEST = 200;

/**
 * A table in which only what was put is found: not `constructor`, not `__proto__`. The search tools ask a table
 * `hasOwnProperty`, so that one name stays.
 */
export function plainTable<T>(entries: Record<string, T>): Record<string, T> {
  const asked = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } });
  return Object.assign(Object.create(asked), entries) as Record<string, T>;
}

const list = (files: Files | undefined): number[] => (files === undefined ? [] : [files].flat());

/**
 * Add to an index what a reader may type for what the book says: `names` is typed word -> names in the book; `stem` and
 * `split` are the search tools' own.
 */
export function teach(
  index: Index,
  names: Record<string, string[]>,
  stem: (word: string) => string,
  split: (text: string) => string[],
): void {
  const titles = new Map(Object.entries(index.alltitles).map(([title, places]) => [title.toLowerCase(), places]));
  for (const [typed, meant] of Object.entries(names)) {
    const word = stem(typed.toLowerCase());
    for (const name of meant) {
      // As the tools do with pages and queries: numbers and single letters are no words.
      const words = split(name.toLowerCase()).filter((each) => each.length > 1 && !/^\d+$/.test(each)).map(stem);
      for (const table of [index.terms, index.titleterms]) {
        const files = words.map((each) => list(table[each])).reduce((all, some) => all.filter((file) => some.includes(file)), list(table[words[0]]));
        if (files.length) table[word] = [...new Set([...list(table[word]), ...files])];
      }
      const places = titles.get(name.toLowerCase());
      if (places) index.alltitles[typed] = [...(index.alltitles[typed] ?? []), ...places];
    }
  }
}

/** Sphinx's own words for the end of a search, in the book's. */
function say(text: string): void {
  Object.assign(Documentation.TRANSLATIONS, {
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      `Nothing in the book fits \u201c${text}\u201d. Try one word of it, or another spelling.`,
    "Search finished, found ${resultCount} page(s) matching the search query.": "Found in the book: ${resultCount}",
    "Search Results": "Results",
  });
}

declare const Search: Tools;
declare const Stemmer: new () => { stemWord(word: string): string };
declare const splitQuery: (text: string) => string[];
declare const Documentation: { TRANSLATIONS: Record<string, string> };

function mend(tools: Tools): void {
  const { setIndex, query } = tools;
  const names = JSON.parse(document.getElementById("search-words")?.textContent || "{}") as Record<string, string[]>;
  const stemmer = new Stemmer();

  /** However a search ends, it says so. */
  const end = (words: string) => {
    tools.stopPulse();
    if (tools.title) tools.title.textContent = "Results";
    if (tools.status) tools.status.textContent = words;
  };
  tools.setIndex = (index) => {
    for (const key of ["terms", "titleterms", "alltitles"] as const) index[key] = plainTable(index[key] as never) as never;
    teach(index, names, (word) => stemmer.stemWord(word), splitQuery);
    setIndex(index);
  };
  tools.query = (text) => {
    const asked = text.slice(0, LONGEST);
    say(asked);
    try {
      query(asked);
    } catch (error) {
      console.error(error);
      end("This search could not be finished. Try another word.");
    }
  };
  // The index is the next script: if it did not come, no search will ever be answered.
  window.addEventListener("load", () => {
    if (!tools.hasIndex()) end("The book\u2019s index could not be loaded. Load this page again, or use the contents.");
  });
}

// Vitest reads the functions above without Sphinx's tools.
if (typeof Search !== "undefined") mend(Search);
