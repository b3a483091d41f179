/** What a page with moving drawings does: for test_pause.py. Frames that anyone asks for are counted from the start. */

const ask = window.requestAnimationFrame.bind(window);
let asked = 0;
window.requestAnimationFrame = (call) => {
  asked += 1;
  return ask(call);
};

/** How many frames the page asks for while so many pass. */
export async function frames(count: number): Promise<number> {
  const before = asked;
  for (let i = 0; i < count; i++) await new Promise(ask);
  return asked - before;
}

/** Refuse storage, as a sandboxed frame does. */
export function refuse(): void {
  Object.defineProperty(window, "localStorage", {
    get() {
      throw new DOMException("refused", "SecurityError");
    },
  });
}

/** The drawing's words that the button lies on, and how many words there are. */
export function covered(): { words: string[]; seen: number } {
  const button = document.querySelector(".lab-pause")!.getBoundingClientRect();
  const texts = [...document.querySelectorAll("svg.scene text")].filter((text) => text.textContent);
  const under = texts.filter((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return left < button.right && right > button.left && top < button.bottom && bottom > button.top;
  });
  return { words: under.map((text) => text.textContent ?? ""), seen: texts.length };
}
