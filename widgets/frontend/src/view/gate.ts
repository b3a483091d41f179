/** The prediction gate: the reader commits to a guess before the sliders unlock, and sees it beside the result after. */
import type { PredictionSpec } from "../spec/generated";
import { verdict } from "../words/verdict";
import { make } from "./dom";

export interface GateActions {
  /** A choice was made or changed; the sliders may unlock. */
  choose(index: number): void;
  /** The reader asks for the answer. */
  reveal(): void;
}

export class Gate {
  readonly element: HTMLElement;
  /** Where a locked slider's description points. */
  readonly reasonId: string;

  private readonly fieldset: HTMLFieldSetElement;
  private readonly button: HTMLButtonElement;
  private readonly hint: HTMLElement;
  private readonly result: HTMLElement;
  private revealed = false;

  constructor(
    private readonly prediction: PredictionSpec,
    id: string,
    actions: GateActions,
  ) {
    this.element = document.createElement("div");
    this.element.className = "lab-gate";
    this.reasonId = `${id}-reason`;

    this.fieldset = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = prediction.question;
    const choices = document.createElement("div");
    choices.className = "lab-choices";
    prediction.choices.forEach((choice, i) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = `${id}-prediction`;
      radio.value = String(i);
      radio.addEventListener("change", () => {
        this.commit();
        actions.choose(i);
      });
      const text = document.createElement("span");
      text.textContent = choice.text;
      label.append(radio, text);
      choices.append(label);
    });
    const foot = document.createElement("div");
    foot.className = "lab-gate-foot";
    this.hint = document.createElement("span");
    this.hint.id = this.reasonId;
    this.hint.className = "lab-hint";
    this.hint.textContent = "Choose an answer to unlock the sliders.";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "lab-button lab-reveal";
    this.button.textContent = prediction.measured ? "Show the answer" : "Show what the model says";
    this.button.setAttribute("aria-disabled", "true");
    this.button.addEventListener("click", () => {
      if (!this.button.hasAttribute("aria-disabled")) actions.reveal();
    });
    foot.append(this.button, this.hint);
    this.fieldset.append(legend, choices, foot);

    this.result = document.createElement("div");
    this.result.className = "lab-verdict";
    this.result.tabIndex = -1;
    // Announced when it fills; the lab's one status element stays the sentence.
    this.result.setAttribute("aria-live", "polite");
    this.element.append(this.fieldset, this.result);
  }

  get isRevealed(): boolean {
    return this.revealed;
  }

  /** Show a choice made earlier (a saved notebook, a second view). */
  restore(index: number): void {
    const radio = this.fieldset.querySelector<HTMLInputElement>(`input[value="${index}"]`);
    if (!radio) return;
    radio.checked = true;
    this.commit();
  }

  /** The sliders were unlocked without a guess: `by` a shared link, or by whoever set the lab from Python. */
  skip(by = "from Python"): void {
    this.hint.textContent = `The sliders are set ${by}. You can still predict first.`;
  }

  /** Fix the guess and set it beside what the model says: `fold` times the baseline, or `amount`, `when`. */
  reveal(index: number, fold: number, when: string, moveFocus: boolean, amount?: string): void {
    if (this.revealed) return;
    this.revealed = true;
    const { said, judged, measured, model, feedback } = verdict(this.prediction, index, fold, when, amount);
    const line = (...words: (Node | string)[]) => make("p", "", ...words);
    if (measured) {
      this.result.append(line(make("strong", "", said), " ", judged), line(make("strong", "", "Measured:"), " ", measured), line(model));
    } else {
      this.result.append(line(make("strong", "", said), " ", `${model} ${judged}`));
    }
    if (feedback) this.result.append(line(feedback));
    this.fieldset.remove();
    this.element.toggleAttribute("data-revealed", true);
    if (!moveFocus) return;
    this.result.focus({ preventScroll: true });
    this.result.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  private commit(): void {
    this.button.removeAttribute("aria-disabled");
    this.hint.textContent = "Then move the sliders yourself, or let the model answer.";
  }
}
