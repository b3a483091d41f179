/** What the gate says once the guess is fixed. */
import type { PredictionSpec } from "../spec/generated";
import { SAME } from "./findings";
import { place } from "./numbers";

/** What a verdict needs of a prediction. */
interface Asked {
  choices: { text: string; value: number; feedback?: string }[];
  measured?: PredictionSpec["measured"];
}

export interface Verdict {
  /** What was predicted. */
  said: string;
  /** How near it was, to what was measured or else to the model. */
  judged: string;
  /** What was measured, by whom; empty where nothing was. */
  measured: string;
  /** What the model says. */
  model: string;
  /** To whoever chose as the reader did; may be empty. */
  feedback: string;
}

/** The verdict on choice `chosen`; `amount` says the model's answer for values in a unit of their own. */
export function verdict({ choices, measured }: Asked, chosen: number, fold: number, when: string, amount?: string): Verdict {
  const right = measured?.value ?? fold;
  const distance = (value: number) =>
    amount === undefined ? Math.abs(Math.log(Math.max(value, 1e-3) / Math.max(right, 1e-3))) : Math.abs(value - right);
  const closest = choices.reduce((best, choice) => (distance(choice.value) < distance(best.value) ? choice : best));
  const { text, feedback = "" } = choices[chosen];
  const answer = amount ?? (Math.abs(fold - 1) < SAME ? "no change" : place(fold));
  const wonder = feedback ? "" : " What made the difference?";
  return {
    said: `You predicted “${text}”.`,
    judged: closest.text === text ? "Yours was the closest." : `The closest was “${closest.text}”.${wonder}`,
    measured: measured ? `${measured.text} (${measured.by}).` : "",
    model: `The model says ${answer}${when}.`,
    feedback,
  };
}
