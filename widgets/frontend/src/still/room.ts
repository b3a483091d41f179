/**
 * A page without a browser: how wide each part of a lab would be. The document itself (happy-dom, see still.mjs) lays
 * nothing out; charts ask their holders for a width and are answered here.
 */

/** Insides of a lab's box, px; what narrow.css and card.css say. */
const PAD = { narrow: 16, wide: 28 };
const GAP = 26;

export interface Layout {
  /** The box's width within its border, px. */
  width: number;
  /** The width of a chart, where the picture is drawn for itself. */
  chart?: number;
}

/** The layouts for which height is kept: a phone's, and a desk's. */
export const NARROW: Layout = { width: 326 };
export const WIDE: Layout = { width: 982 };
/** The picture: its text can still be read when a phone shows it smaller. */
export const PICTURE: Layout = { width: 982, chart: 380 };

let layout: Layout = WIDE;

function widthOf(element: Element): number {
  const box = element.closest(".synapse-lab");
  if (element === box) return layout.width;
  const wide = layout.width >= 640;
  const content = layout.width - 2 * (wide ? PAD.wide : PAD.narrow);
  const beside = wide && box?.hasAttribute("data-scene");
  const terminals = element.closest(".lab-terminals");
  if (terminals) return layout.chart ? layout.chart / 3 : content / terminals.children.length;
  if (layout.chart) return layout.chart;
  // A drawing asks before it stands in its box.
  if (element.closest(".lab-scene")) return wide ? 0.46 * (content - GAP) : content;
  return beside && element.closest(".lab-charts") ? 0.54 * (content - GAP) : content;
}

/** Answer for the widths of all elements as in `wanted`, from now on. */
export function lay(wanted: Layout): void {
  layout = wanted;
  const { prototype } = HTMLElement;
  Object.defineProperty(prototype, "clientWidth", { configurable: true, get: widthOf_ });
  // Beside the drawing the main chart takes what is left; the style sheet does that, so here it takes its least.
  Object.defineProperty(prototype, "clientHeight", {
    configurable: true,
    get(this: HTMLElement) {
      return this.classList.contains("lab-scene") ? 1 : 0;
    },
  });
}

function widthOf_(this: HTMLElement): number {
  return widthOf(this);
}
