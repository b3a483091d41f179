/** Small helpers to make elements. */

/** An element of a class with children. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  // An empty attribute is one all the same to a style sheet that asks for `[class]`.
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Write text that differs: the same written again is laid out again all the same. */
export function write(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}

/** A paragraph that is written later: until `write` it says `meanwhile` and takes the room of `expected`. */
export function awaited(className: string, meanwhile: string, expected: string): HTMLParagraphElement {
  const room = make("span", "lab-awaited", make("span", "lab-meanwhile", meanwhile));
  room.dataset.room = expected;
  return make("p", className, room);
}

export function button(words: string, action: () => void, title = ""): HTMLButtonElement {
  const made = make("button", "lab-button", words);
  made.type = "button";
  if (title) made.title = title;
  made.addEventListener("click", action);
  return made;
}

/** A figure with its caption, `id`, and a place for a chart. */
export function figure(id: string, words: string, className = "") {
  const caption = make("figcaption", "", words);
  caption.id = id;
  const holder = make("div", "lab-plot");
  const element = make("figure", className, caption, holder);
  return { element, caption, holder };
}

/** Words in which no name such as 5-HIAA, MAO-A or GABA-A breaks at its hyphen. */
export function unbroken(words: string): (HTMLElement | string)[] {
  return words
    .split(/(\b(?:\d-[A-Z]\w*|[A-Z]{2,}\w*-[A-Z\d]\w?)\b)/)
    .map((part, i) => (i % 2 === 0 ? part : make("span", "lab-whole", part)));
}
