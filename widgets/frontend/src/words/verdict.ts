/** What the gate says once the guess is fixed. */
import { SAME } from "./findings";
import { place } from "./numbers";

/** What the gate says once the guess is fixed; `amount` says it for values in a unit of their own. */
export function verdict(
  chosen: { text: string; value: number },
  choices: { text: string; value: number }[],
  fold: number,
  when: string,
  amount?: string,
): [string, string] {
  const distance = (value: number) =>
    amount === undefined ? Math.abs(Math.log(Math.max(value, 1e-3) / Math.max(fold, 1e-3))) : Math.abs(value - fold);
  const closest = choices.reduce((best, choice) => (distance(choice.value) < distance(best.value) ? choice : best));
  const said = `You predicted “${chosen.text}”.`;
  const answer = amount ?? (Math.abs(fold - 1) < SAME ? "no change" : place(fold));
  const judged =
    closest.text === chosen.text ? "Yours was the closest." : `The closest was “${closest.text}”. What made the difference?`;
  return [said, `The model says ${answer}${when}. ${judged}`];
}
