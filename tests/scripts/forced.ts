/** What is seen where the system sets the colours: for tests/browser/test_forced_colours.py. */

type Colour = [r: number, g: number, b: number, alpha: number];

const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;

function rgba(colour: string): Colour {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data] as Colour;
}

function luminance([r, g, b]: readonly number[]): number {
  const [R, G, B] = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * R + 0.7152 * G + 0.0722 * B;
}

function ratio(a: readonly number[], b: readonly number[]): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** The first ground behind an element that is painted. */
function ground(element: Element): Colour {
  for (let each: Element | null = element; each; each = each.parentElement) {
    const colour = rgba(getComputedStyle(each).backgroundColor);
    if (colour[3] > 200) return colour;
  }
  return rgba("Canvas");
}

const seen = (element: Element) => element.checkVisibility({ checkVisibilityCSS: true, opacityProperty: true } as CheckVisibilityOptions);

/** Words (HTML and drawn) that stand at less than 4.5 to 1 on their ground, and how many were judged. */
export function faults(): { faults: string[]; seen: number } {
  const found: string[] = [];
  let judged = 0;
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (!own || !seen(element) || element.closest("script, style, title, [aria-disabled=true], :disabled")) continue;
    judged += 1;
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGElement;
    const colour = rgba(drawn ? style.fill : style.color);
    const behind = ground(element);
    if (ratio(colour, behind) < 4.5) {
      found.push(`“${element.textContent!.trim().slice(0, 40)}” <${element.tagName}> ${colour} on ${behind}: ${ratio(colour, behind).toFixed(2)}`);
    }
  }
  return { faults: found, seen: judged };
}

/** How much of a bar or a track is filled, 0..1; null where it does not say. */
export function share(part: HTMLElement): number | null {
  const filled = part.querySelector<HTMLElement>(".lab-bar-fill");
  const said = filled ? filled.style.getPropertyValue("--share") : getComputedStyle(part).getPropertyValue("--fill");
  return said && seen(part) && !(filled?.dataset.basis === "from affinity") ? Number(said) : null;
}

/** From a picture of a bar (PNG, as hexadecimal): its edge, and its fill, against what is not filled. */
export async function ratios([png, filled]: [string, number]): Promise<{ edge: number; fill: number }> {
  const bytes = Uint8Array.from(png.match(/../g)!, (byte) => parseInt(byte, 16));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const picture = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
  picture.drawImage(image, 0, 0);
  const at = (x: number, y: number) => [...picture.getImageData(Math.round(x), Math.round(y), 1, 1).data];
  const middle = image.height / 2;
  // Beside the end of the fill, and clear of a thumb that stands on it.
  const empty = at(image.width * (1 - (1 - filled) / 3), middle);
  const full = at((image.width * filled) / 3, middle);
  const edge = Math.max(...[0, 1].map((y) => ratio(at(image.width * (1 - (1 - filled) / 3), y), empty)));
  return { edge, fill: ratio(full, empty) };
}

/** The outline of what has the focus, or of what is drawn within it. */
export function outline(element: Element): { width: number; ratio: number } {
  const style = getComputedStyle(element);
  const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  return { width, ratio: ratio(rgba(style.outlineColor), ground(element.parentElement!)) };
}
