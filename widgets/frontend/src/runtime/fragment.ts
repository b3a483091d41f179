/** What an address's fragment names, however it is written. */

/** Percent signs decoded where they encode something; a text such as "100%" as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The element that the page's address leads to, if there is one. */
export function target(hash: string = location.hash): HTMLElement | null {
  const name = hash.slice(1);
  return name ? (document.getElementById(name) ?? document.getElementById(decoded(name))) : null;
}
