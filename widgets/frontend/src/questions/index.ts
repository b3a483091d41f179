/**
 * "Check yourself": a chapter's questions, each with feedback that teaches.
 *
 * Choosing and answering are two acts (a Check button per question), so that arrow keys may wander through a radio
 * group without giving the answer away. Nothing here needs a kernel: all text comes with the widget's saved state.
 */
import type { AnyModel } from "@anywidget/types";

export interface Choice {
  text: string;
  correct: boolean;
  feedback: string;
}
export interface Question {
  text: string;
  multiple: boolean;
  choices: Choice[];
}
interface QuestionsModel {
  name: string;
  questions: Question[];
}
type Child = Node | string;
/** Where a published page keeps the answers; what was put there under another stamp is no longer found. */
type Drawers = (name: string, stamp: string) => { read(): unknown; write(value: unknown): void };

/** What is kept of a question: places of answers chosen now and of those checked before, and the first verdict. */
interface Kept {
  chosen: number[];
  tried: number[];
  first: boolean | null;
  /** Whether the verdict stands under the answers. */
  told: boolean;
}

// Notebooks take arrow keys and letters as commands unless the very element that has the focus says no.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

/** The same widget may be shown twice on a page; radio groups and ids must not meet. */
let serial = 0;

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Text with *emphasis*; everything else is taken literally, so no markup can slip in. */
function prose(text: string): Child[] {
  return text.split(/\*([^*]+)\*/).map((part, i) => (i % 2 ? make("em", {}, part) : part));
}

const SVG = "http://www.w3.org/2000/svg";

/** A tick or a cross, drawn so that its shape alone tells them apart. Words always stand beside it. */
function mark(right: boolean): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "ls-mark");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", right ? "M2.5 8.5 6.5 12.5 13.5 4" : "M4 4 12 12M12 4 4 12");
  svg.append(path);
  return svg;
}

class QuestionView {
  readonly element: HTMLFieldSetElement;
  /** null until checked once; then whether that first check was right. */
  firstTry: boolean | null = null;

  private readonly inputs: HTMLInputElement[];
  private readonly verdicts: HTMLSpanElement[];
  private readonly feedback = make("div", { class: "ls-feedback", role: "status", "aria-live": "polite" });

  constructor(
    private readonly question: Question,
    number: number,
    total: number,
    id: string,
    private readonly onChange: () => void,
    signal: AbortSignal,
  ) {
    const kind = question.multiple ? "checkbox" : "radio";
    this.inputs = question.choices.map((_, i) =>
      make("input", { type: kind, name: id, id: `${id}-${i}`, value: String(i), ...OWN_KEYS }),
    );
    this.verdicts = question.choices.map(() => make("span", { class: "ls-verdict" }));
    const button = make("button", { type: "button", class: "ls-check", ...OWN_KEYS }, "Check");
    button.append(make("span", { class: "ls-unseen" }, ` your answer to question ${number}`));

    this.element = make(
      "fieldset",
      { class: "ls-question" },
      make(
        "legend",
        {},
        make("span", { class: "ls-number" }, `Question ${number} of ${total}`),
        " ",
        make("span", { class: "ls-text" }, ...prose(question.text)),
        ...(question.multiple ? [make("span", { class: "ls-hint" }, " Choose every answer that is right.")] : []),
      ),
      ...question.choices.map((choice, i) =>
        make(
          "label",
          { class: "ls-choice", for: `${id}-${i}` },
          this.inputs[i],
          make("span", { class: "ls-choice-text" }, ...prose(choice.text)),
          this.verdicts[i],
        ),
      ),
      button,
      this.feedback,
    );

    for (const input of this.inputs) {
      // A verdict on another answer must not stand under a new choice.
      const changed = () => {
        this.feedback.replaceChildren();
        this.onChange();
      };
      input.addEventListener("change", changed, { signal });
      // Enter in a radio group does nothing of itself; here it checks, as in a form.
      input.addEventListener("keydown", (event) => event.key === "Enter" && this.check(), { signal });
    }
    button.addEventListener("click", () => this.check(), { signal });
  }

  private get chosen(): number[] {
    return this.inputs.flatMap((input, i) => (input.checked ? [i] : []));
  }

  get kept(): Kept {
    const tried = this.verdicts.flatMap((verdict, i) => (verdict.hasChildNodes() ? [i] : []));
    return { chosen: this.chosen, tried, first: this.firstTry, told: Boolean(this.feedback.querySelector(".ls-heading")) };
  }

  /** Put back what was kept of an earlier visit; anything else is left out. */
  restore(given: unknown): void {
    const { chosen, tried, first, told } = (given ?? {}) as Partial<Kept>;
    const places = (list: unknown) => (Array.isArray(list) ? list : []).filter((i) => Number.isInteger(i) && i in this.inputs) as number[];
    for (const i of places(chosen)) this.inputs[i].checked = true;
    if (typeof first !== "boolean") return;
    this.firstTry = first;
    for (const i of places(tried)) this.judge(i);
    if (told === true && this.chosen.length) this.tell(this.chosen);
  }

  /** Write beside an answer whether it is right. */
  private judge(place: number): void {
    const { correct } = this.question.choices[place];
    this.verdicts[place].dataset.verdict = correct ? "right" : "wrong";
    this.verdicts[place].replaceChildren(mark(correct), correct ? "right" : "not this one");
  }

  private check(): void {
    const { chosen } = this;
    if (!chosen.length) {
      this.feedback.dataset.verdict = "none";
      this.feedback.replaceChildren(make("p", {}, "Choose an answer first, then check it."));
      return;
    }
    this.tell(chosen);
    this.onChange();
  }

  /** Say what is to be said of these answers. */
  private tell(chosen: number[]): void {
    const { choices, multiple } = this.question;
    const answers = choices.flatMap((choice, i) => (choice.correct ? [i] : []));
    const found = chosen.filter((i) => choices[i].correct);
    const right = found.length === answers.length && found.length === chosen.length;
    const partly = !right && found.length > 0;
    if (this.firstTry === null) this.firstTry = right;

    chosen.forEach((i) => this.judge(i));

    let heading = right ? "Right." : "Not quite: try again.";
    if (partly) {
      heading =
        found.length === chosen.length
          ? `Right as far as it goes: ${found.length} of ${answers.length} found.`
          : "Partly right: try again.";
    }
    this.feedback.dataset.verdict = right ? "right" : "wrong";
    this.feedback.replaceChildren(
      make("p", { class: "ls-heading" }, mark(right), heading),
      ...chosen.map((i) =>
        make(
          "p",
          {},
          // With several answers checked at once, each explanation says which it belongs to.
          ...(multiple ? [make("strong", {}, ...prose(choices[i].text)), ": "] : []),
          ...prose(choices[i].feedback),
        ),
      ),
    );
  }
}

interface RenderProps {
  model: AnyModel<QuestionsModel>;
  el: HTMLElement;
  /** Given by a published page; in a notebook nothing is kept. */
  drawers?: Drawers;
}

function render({ model, el, drawers }: RenderProps): () => void {
  // anywidget 0.9 passes no signal to render; our own serves every version.
  const controller = new AbortController();
  const root = make("div", {
    class: "ls-questions",
    role: "group",
    "aria-label": "Check yourself",
  });
  el.classList.add("ls-questions-host");
  el.append(root);

  const draw = () => {
    const questions = model.get("questions");
    const tally = make("p", { class: "ls-tally", role: "status", "aria-live": "polite" });
    const id = `ls-question-${++serial}`;
    const views = questions.map(
      (question, i) =>
        new QuestionView(question, i + 1, questions.length, `${id}-${i + 1}`, () => changed(), controller.signal),
    );
    const drawer = drawers?.(`questions ${model.get("name")}`, JSON.stringify(questions));
    const count = () => {
      const checked = views.filter((view) => view.firstTry !== null).length;
      const right = views.filter((view) => view.firstTry).length;
      const words =
        checked === views.length
          ? `${right} of ${views.length} right at first try.`
          : `${checked} of ${views.length} checked, ${right} right at first try.`;
      // Set only on change, or a second try would have the tally read out again.
      if (checked && tally.textContent !== words) tally.textContent = words;
    };
    const changed = () => {
      count();
      drawer?.write(views.map((view) => view.kept));
    };
    const kept = drawer?.read();
    if (Array.isArray(kept)) views.forEach((view, i) => view.restore(kept[i]));
    count();
    root.replaceChildren(...views.map((view) => view.element), tally);
  };
  draw();
  model.on("change:questions", draw);

  return () => {
    model.off("change:questions", draw);
    controller.abort();
    root.remove();
  };
}

export default { render };
