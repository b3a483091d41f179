/** A word beside the control that was pressed. It lies over the lab, so that nothing moves under the hand. */
import { make } from "./dom";

const SHOWN_MS = 5000;

export class Notice {
  readonly element = make("div", "lab-notice");
  private timer = 0;

  constructor(private readonly box: HTMLElement) {
    this.element.setAttribute("aria-live", "polite");
  }

  say(words: string, beside: Element, ms = SHOWN_MS): void {
    const { box, element } = this;
    clearTimeout(this.timer);
    element.textContent = words;
    const [lab, at] = [box.getBoundingClientRect(), beside.getBoundingClientRect()];
    const left = Math.min(at.left - lab.left, lab.width - element.offsetWidth - 12);
    element.style.left = `${Math.max(left, 12)}px`;
    element.style.top = `${at.bottom - lab.top + 6}px`;
    if (ms < Infinity) this.timer = window.setTimeout(() => (element.textContent = ""), ms);
  }

  destroy(): void {
    clearTimeout(this.timer);
  }
}
