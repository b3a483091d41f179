/** A chapter's questions as they open, drawn by their own code. */
import questions from "../questions/index";
import type { Drawn } from "./lab";
import { plain } from "./plain";

export interface QuestionsGiven {
  kind: "questions";
  values: { name: string; questions: { text: string; choices: { text: string }[] }[] };
}

export interface QuestionsDrawn extends Drawn {
  questions: { text: string; choices: string[] }[];
}

export function questionsStill({ values }: QuestionsGiven): QuestionsDrawn {
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  const model = { get: (key: string) => values[key as keyof typeof values], on: () => undefined, off: () => undefined };
  questions.render({ model: model as never, el });
  const root = el.firstElementChild as HTMLElement;
  const said = (text: string) => text.replaceAll("*", "");
  return {
    name: values.name,
    title: "Check yourself",
    svg: "",
    alt: "",
    sentence: "",
    said: "",
    question: "",
    choices: [],
    questions: values.questions.map(({ text, choices }) => ({ text: said(text), choices: choices.map((each) => said(each.text)) })),
    place: plain(root, new Map()),
  };
}
