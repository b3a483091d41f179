/** The plain sentence under the picture: said once the controls rest, and read out politely. */
import { make, write } from "../dom";
import { panelKind } from "../panel";

export default panelKind("sentence", "tail", () => {
  const element = make("p", "lab-sentence");
  element.setAttribute("role", "status");
  return {
    element,
    draw() {},
    say: (frame, said) => write(element, [frame.sentence, ...said].filter(Boolean).join(" ")),
  };
});
