/** Folded parts open for whoever is led into them: by a link, by the address, by the words that a search marks. */
import { target } from "./fragment";

const INNER = "article details.fold";

/** Open whatever folds `element` lies in, itself included; says whether one was closed. */
function open(element: Element | null): boolean {
  let opened = false;
  for (let fold = element?.closest<HTMLDetailsElement>(INNER); fold; fold = fold.parentElement?.closest<HTMLDetailsElement>(INNER)) {
    opened ||= !fold.open;
    fold.open = true;
  }
  return opened;
}

export function openWhatIsSought(): void {
  const follow = () => {
    const goal = target();
    // The browser went where the goal was before the page grew.
    if (open(goal)) goal?.scrollIntoView({ behavior: "instant" });
  };
  follow();
  window.addEventListener("hashchange", follow);
  // Sphinx marks the words of a search ten milliseconds after the document is read: what is asked for later comes later.
  const marked = () => setTimeout(() => document.querySelectorAll(`${INNER} .highlighted`).forEach((mark) => open(mark)), 10);
  if (document.readyState === "complete") marked();
  else window.addEventListener("load", marked);
}
