/** The line in the page's foot about what this browser keeps, with a button that forgets it. */
import { forgetAll, keeps } from "./memory";

export function offerForgetting(): void {
  const line = document.querySelector<HTMLElement>(".book-memory");
  const button = line?.querySelector("button");
  if (!line || !button || !keeps()) return;
  line.hidden = false;
  button.addEventListener("click", () => {
    forgetAll();
    line.querySelector("[role=status]")!.textContent = "Forgotten. Open the page again to begin afresh.";
  });
}
