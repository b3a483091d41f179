/** What stands in the drawn channel of the lab on a page: for test_channel.py. */

const drawing = () => document.querySelector<SVGSVGElement>("svg.channel")!;

/** Words in the drawing: where they stand in its units, and how large their letters are on the screen. */
export function words(): { text: string; left: number; right: number; top: number; bottom: number; size: number }[] {
  return [...drawing().querySelectorAll("text")]
    .filter((text) => text.textContent && text.getBBox().width)
    .map((text) => {
      const { x, y, width, height } = text.getBBox();
      const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM()!.a;
      return { text: text.textContent!, left: x, right: x + width, top: y, bottom: y + height, size };
    });
}

/** The drawing's width in its units. */
export const width = (): number => drawing().viewBox.baseVal.width;

/** Where the dots of a path stand, in the order in which they were drawn. */
export function dots(selector: string): [number, number][] {
  const d = drawing().querySelector(selector)?.getAttribute("d") ?? "";
  return [...d.matchAll(/M(-?[\d.]+) (-?[\d.]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** Numbers that the drawing holds. */
export function held(): { way: string; rate: number; open: number; benzodiazepine: number; gaba: string[]; blocked: number; arrow: number; reuptake: number } {
  const data = (selector: string) => drawing().querySelector<SVGElement>(selector)!.dataset;
  const { way, rate } = data(".channel-stream");
  return {
    way: way!,
    rate: Number(rate),
    open: Number(data(".channel-receptor").open),
    benzodiazepine: Number(data(".channel-benzodiazepine").part),
    gaba: [...drawing().querySelectorAll<SVGElement>(".channel-gaba-site")].map((site) => site.dataset.filled!),
    blocked: Number(data(".channel-pump").blocked),
    arrow: Number(data(".scene-chloride").width),
    reuptake: Number(data(".scene-reuptake").width),
  };
}

/** How fast the ions under way go, px a second and positive when inward, over some ms; null without ions. */
export async function drift(ms: number): Promise<number | null> {
  const before = dots(".channel-stream > path:not([transform])");
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const after = dots(".channel-stream > path:not([transform])");
  if (!before.length || !after.length) return null;
  // They stand farther apart than they come in so short a time: each is the nearest to where it was.
  const steps = before.map(([, y]) => after.map(([, then]) => then - y).sort((a, b) => Math.abs(a) - Math.abs(b))[0]);
  return steps.sort((a, b) => a - b)[steps.length >> 1] / ((performance.now() - began) / 1000);
}
