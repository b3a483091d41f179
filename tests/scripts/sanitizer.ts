/** What the pages' sanitiser leaves of some markup, and how often a script of it ran when it was set into the page. */
import sanitize from "../../widgets/frontend/src/runtime/sanitize";

type Allowed = NonNullable<Parameters<typeof sanitize>[1]>;

export async function clean([texts, allowedTags, allowedAttributes]: [
  string[],
  Allowed["allowedTags"],
  Allowed["allowedAttributes"],
]): Promise<[string[], number]> {
  let hits = 0;
  Object.assign(window, { hit: () => (hits += 1) });
  const cleaned = texts.map((text) => sanitize(text, { allowedTags, allowedAttributes }));
  for (const text of cleaned) {
    const place = document.querySelector("main")!.appendChild(document.createElement("div"));
    place.innerHTML = text;
    for (const each of place.querySelectorAll<HTMLElement>("*")) each.click();
  }
  await new Promise((done) => setTimeout(done, 300));
  return [cleaned, hits];
}
