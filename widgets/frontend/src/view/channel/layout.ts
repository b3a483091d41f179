/** Where everything stands, for a drawing of a given width: it is laid out, not scaled, so that words keep their size. */
import type { Box } from "../scene/layout-frame";
import { frameFor, growth, range } from "../scene/layout-frame";
import { number, type Point } from "../scene/svg";

export interface Layout {
  width: number;
  height: number;
  text: number;
  lineHeight: number;
  dotRadius: number;
  terminal: string;
  sender: Point;
  /** Height of the terminal's membrane at x. */
  membrane(x: number): number;
  vesicles: { centres: Point[]; radius: number; dotRadius: number };
  vesicleWords: Point;
  release: { x: number; radius: number };
  pump: Point;
  pumpWords: Point;
  /** The receptor's axis, and by how much it is larger than drawn. */
  axis: number;
  scale: number;
  /** The receiving cell: its outer surface, the thickness of its membrane, its sides and end. */
  surface: number;
  thick: number;
  left: number;
  right: number;
  bottom: number;
  gabaWords: Point;
  siteWords: Point;
  poreWords: Point;
  barbiturateWords: Point;
  chlorideWords: Point;
  stateWords: Point[];
  /** Where dots may be: GABA in the gap and beside it, chloride outside and inside. */
  gap: Region;
  beside: Region;
  outside: Region;
  inside: Region;
}

export interface Region {
  bounds: Box;
  inside(x: number, y: number): boolean;
}

/** The terminal's lower membrane: level over the receptor, and a step higher where the transporter stands. */
const EDGE = 182;
const STEP = 28;

export function layoutFor(containerWidth: number, spaced: boolean): Layout {
  const frame = frameFor(containerWidth, spaced);
  const { width, text, lineHeight } = frame;
  const between = growth(frame);
  const [left, right] = [between(6, 16), width - between(6, 16)];
  const scale = between(1, 1.16);
  // Wide-set words have more room on the right, and above the receptor.
  const axis = (spaced ? 0.33 : between(0.405, 0.42)) * width;
  const step = { from: between(0.61, 0.64) * width, to: between(0.61, 0.64) * width + 40 };
  const membrane = (x: number) => {
    const t = Math.min(1, Math.max(0, (x - step.from) / (step.to - step.from)));
    return EDGE - STEP * t * t * (3 - 2 * t);
  };
  const surface = EDGE + 76 + 98 * scale;
  const thick = 30 * scale;
  const bottom = surface + thick + 66 + 2 * lineHeight;
  const dotRadius = between(2.7, 3.2);
  const pump = { x: right - between(40, 62), y: EDGE - STEP };
  const words = {
    pumpWords: { x: right - 2, y: pump.y + 46 },
    gabaWords: { x: left + 2, y: surface - (spaced ? 112 : 92) * scale },
    siteWords: { x: axis + 66 * scale, y: surface - 52 * scale },
    poreWords: { x: axis + between(46, 62), y: surface + thick + 30 },
    barbiturateWords: { x: left + 4, y: surface + thick + 30 },
    chlorideWords: { x: right - 6, y: surface - 10 },
    stateWords: range(2, (i) => bottom - 10 - (1 - i) * lineHeight).map((y) => ({ x: width / 2, y })),
  };
  return {
    width,
    height: Math.ceil(bottom + 2),
    text,
    lineHeight,
    dotRadius,
    terminal: terminalOutline({ width, left, right, step }),
    sender: { x: 0.45 * width, y: 58 },
    membrane,
    ...vesiclesAt(axis, between),
    pump,
    axis,
    scale,
    surface,
    thick,
    left,
    right,
    bottom,
    ...words,
    ...regionsIn({ pump, left, right, axis, scale, surface, thick, bottom, step, membrane, dotRadius, text, lineHeight, words }),
  };
}

function vesiclesAt(axis: number, between: (phone: number, desktop: number) => number) {
  const radius = between(16.5, 19);
  const places = [[-2.5, 102], [-0.1, 94], [2.2, 101], [-3.3, 143], [3.1, 141]];
  return {
    vesicles: {
      centres: places.map(([x, y]) => ({ x: axis + radius * 1.08 * x, y })),
      radius,
      dotRadius: between(2, 2.3),
    },
    vesicleWords: { x: axis + radius * 4.9, y: 94 },
    release: { x: axis, radius },
  };
}

function terminalOutline({ width, left, right, step }: { width: number; left: number; right: number; step: { from: number; to: number } }): string {
  const n = number;
  const [neck, half, low, high] = [0.45 * width, 0.14 * width, EDGE, EDGE - STEP];
  const middle = (step.from + step.to) / 2;
  return (
    `M${n(neck - half)},0V12C${n(neck - half)},58 ${n(left)},46 ${n(left)},114V${low - 30}Q${n(left)},${low} ${n(left + 34)},${low}` +
    // A Bezier with level ends, as smooth as the step in membrane().
    `H${n(step.from)}C${n(middle)},${low} ${n(middle)},${high} ${n(step.to)},${high}` +
    `H${n(right - 22)}Q${n(right)},${high} ${n(right)},${high - 24}V114C${n(right)},46 ${n(neck + half)},58 ${n(neck + half)},12V0`
  );
}

interface Standing {
  pump: Point;
  left: number;
  right: number;
  axis: number;
  scale: number;
  surface: number;
  thick: number;
  bottom: number;
  step: { from: number; to: number };
  membrane(x: number): number;
  dotRadius: number;
  text: number;
  lineHeight: number;
  words: Pick<Layout, "pumpWords" | "gabaWords" | "siteWords" | "poreWords" | "barbiturateWords" | "chlorideWords">;
}

/** Where dots may be: clear of membranes, of the receptor and of words. */
function regionsIn(at: Standing): Pick<Layout, "gap" | "beside" | "outside" | "inside"> {
  const { pump, left, right, axis, scale, surface, thick, bottom, step, membrane, dotRadius, text, lineHeight, words } = at;
  const line = (x: number, y: number, wide: number, lines = 1): Box => ({
    left: x - 6, right: x + wide + 6, top: y - text - 6, bottom: y + (lines - 1) * lineHeight + 8,
  });
  const wide = 0.6 * text;
  const { pumpWords, gabaWords, siteWords, poreWords, barbiturateWords, chlorideWords } = words;
  const boxes = [
    line(pumpWords.x - 18 * wide, pumpWords.y, 18 * wide),
    line(gabaWords.x, gabaWords.y, 9 * wide),
    line(siteWords.x, siteWords.y, 17 * wide, 2),
    line(chlorideWords.x - 9 * wide, chlorideWords.y, 9 * wide),
    line(poreWords.x - 8, poreWords.y, 19 * wide, 2),
    line(barbiturateWords.x, barbiturateWords.y, 11 * wide),
    // The transporter, the receptor, and the ions' way through it.
    { left: pump.x - 22, right: pump.x + 22, top: 0, bottom: pump.y + 32 },
    { left: axis - 64 * scale, right: axis + 64 * scale, top: surface - 106 * scale, bottom: surface + thick + 12 },
    { left: axis - 34, right: axis + 34, top: surface, bottom },
    { left: axis + 40, right: siteWords.x, top: surface - 66 * scale, bottom: surface - 24 * scale },
  ];
  const region = (bounds: Box, also: (x: number, y: number) => boolean = () => true): Region => ({
    bounds,
    inside: (x, y) =>
      x > bounds.left && x < bounds.right && y > bounds.top && y < bounds.bottom && also(x, y) &&
      !boxes.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom),
  });
  const clear = dotRadius + 4;
  const under = (x: number, y: number) => y > membrane(x) + clear;
  const apart = step.from + 8;
  const low = surface - 84 * scale;
  return {
    gap: region({ left: left + 8, right: apart - 8, top: EDGE, bottom: low }, under),
    beside: region({ left: apart + 8, right: right - 2, top: EDGE - STEP, bottom: low }, under),
    outside: region({ left: left + 4, right: right - 4, top: low + 16, bottom: surface - 9 }),
    inside: region({ left: left + 8, right: right - 8, top: surface + thick + 12, bottom: bottom - 2 * lineHeight - 14 }),
  };
}
