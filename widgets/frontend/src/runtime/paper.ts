/** What paper needs and a screen does not: folds opened, answers, works cited, addresses; all of it gone again after. */
import type { Question } from "../questions/index";

type Undo = () => void;

function element(tag: string, name: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}

/** Text with *emphasis*; all else is taken literally. */
const prose = (text: string) => text.split(/\*([^*]+)\*/).map((part, i) => (i % 2 ? element("em", "", part) : part));

/** All but a lab's table: it repeats what is drawn, and is printed if the reader opened it. */
function openFolds(): Undo[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("article details:not([open], .lab-details)")].map((fold) => {
    fold.open = true;
    return () => {
      fold.open = false;
    };
  });
}

/** Short, as a book prints it: no scheme, no last slash. Links that are their own address say it already. */
function addresses(): Undo[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("article a[href^=http]")].flatMap((link) => {
    const short = link.href.replace(/^https?:\/\/(www\.)?|\/$/g, "");
    const said = link.textContent?.trim().replace(/^(https?:\/\/(www\.)?|doi:)|\/$/g, "") ?? "";
    if (!said || short.endsWith(said)) return [];
    link.dataset.address = short;
    return [() => delete link.dataset.address];
  });
}

/** The works that this page cites, once each, as its citations name them. */
function works(): HTMLElement | null {
  const cited = new Map<string, HTMLElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("article .bibtex-citation a[title]"))
    cited.set(link.href, element("li", "", `${link.textContent}: ${link.title}`));
  if (!cited.size) return null;
  const sorted = [...cited.values()].sort((a, b) => String(a.textContent).localeCompare(String(b.textContent), "en"));
  return element("section", "paper-only paper-works", element("h2", "", "References"), element("ul", "", ...sorted));
}

function answer({ choices }: Question): HTMLElement {
  const told = [...choices].sort((a, b) => Number(b.correct) - Number(a.correct));
  return element(
    "li",
    "",
    ...told.map(({ text, correct, feedback }) =>
      element("p", "", element(correct ? "strong" : "em", "", ...prose(text)), " ", ...prose(feedback)),
    ),
  );
}

/** Each set of questions is followed by its answers, the right ones first. */
function answers(): Undo[] {
  const saved = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]')?.textContent;
  if (!saved) return [];
  const models = Object.values<{ state: { questions?: Question[] } }>(JSON.parse(saved).state);
  const sets = models.flatMap(({ state }) => (state.questions ? [state.questions] : []));
  return [...document.querySelectorAll("article .ls-questions")].flatMap((shown, i) => {
    if (!sets[i]) return [];
    const list = element("ol", "", ...sets[i].map(answer));
    const laid = element("section", "paper-only paper-answers", element("h3", "", "Answers"), list);
    (shown.closest(".cell") ?? shown).after(laid);
    return [() => laid.remove()];
  });
}

/** An equation has no second line: what is wider than the paper is set smaller, by its width in its own letters. */
function measureEquations(): Undo[] {
  return [...document.querySelectorAll<HTMLElement>("article div.math > math")].map((equation) => {
    const letters = equation.scrollWidth / Number.parseFloat(getComputedStyle(equation).fontSize);
    equation.style.setProperty("--letters", letters.toFixed(1));
    return () => equation.style.removeProperty("--letters");
  });
}

export function followPrinter(): void {
  let undo: Undo[] = [];
  const lay = () => {
    if (undo.length) return;
    undo = [...openFolds(), ...addresses(), ...answers(), ...measureEquations()];
    const cited = works();
    document.querySelector("article")?.append(cited ?? "");
    undo.push(() => cited?.remove());
  };
  const clear = () => {
    for (const each of undo) each();
    undo = [];
  };
  addEventListener("beforeprint", lay);
  addEventListener("afterprint", clear);
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? lay() : clear()));
}
