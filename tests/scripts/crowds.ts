/** What test_claims.py reads from a lab's claims and people. */
import type { WidgetModel } from "../../widgets/frontend/src/view/controls";

const model = () => (window as unknown as { model: WidgetModel }).model;

/** Each claim: how it stands, in words and as a mark. */
export function standings(): { standing: string | undefined; words: string; mark: string | null }[] {
  return [...document.querySelectorAll<HTMLElement>(".lab-claims li")].map((item) => ({
    standing: item.dataset.standing,
    words: item.innerText.replace(/\s+/g, " ").trim(),
    mark: item.querySelector("path")!.getAttribute("d"),
  }));
}

/** The standings right after a move. The clock stands meanwhile: what a busy machine does in 2.5 ms is not asked here. */
export async function standingsWithin([name, value]: [string, number]): Promise<ReturnType<typeof standings>> {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const own = Object.getOwnPropertyDescriptor(performance, "now");
  performance.now = () => 0;
  model().set(name, value);
  const found = standings();
  if (own) Object.defineProperty(performance, "now", own);
  else delete (performance as unknown as { now?: unknown }).now;
  return found;
}

/** The five longest times between two turns of the page while everybody settles anew after a move, and all of it, in ms. */
export async function longestTurns([name, value]: [string, number]): Promise<[longest: number[], whole: number]> {
  const stale = () => document.querySelector(".lab-people")!.hasAttribute("data-stale");
  model().set(name, value);
  await new Promise((resolve) => setTimeout(resolve, 260));
  const gaps: number[] = [];
  const begun = performance.now();
  let last = begun;
  while (stale()) {
    await new Promise((turn) => setTimeout(turn, 0));
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  return [gaps.sort((a, b) => b - a).slice(0, 5), last - begun];
}

/** Contrast of each mark of a claim and each bar of the people against the lab's ground. */
export function markContrast(): number[] {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const parts = (colour: string) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb: number[]) =>
    rgb
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = light(parts(getComputedStyle(document.querySelector(".synapse-lab")!).backgroundColor));
  const marks = document.querySelectorAll(".lab-claims svg, .lab-people .bars:not(.outer), .lab-people .span");
  return [...marks].map((mark) => {
    const { fill, stroke, color } = getComputedStyle(mark);
    const ink = light(parts(mark.tagName === "svg" ? color : fill === "none" ? stroke : fill));
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  });
}

/** Parts that run out of the window. */
export function overflowing(): string[] {
  return [...document.querySelectorAll(".lab-claims *, .lab-people *")]
    .filter((part) => {
      const box = part.getBoundingClientRect();
      return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5);
    })
    .map((part) => part.outerHTML.slice(0, 120));
}
