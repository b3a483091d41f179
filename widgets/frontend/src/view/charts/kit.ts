/** What charts are made of: axes, paths, labels that keep apart. */
import { axisBottom, axisLeft } from "d3-axis";
import type { ScaleLinear } from "d3-scale";
import { select, type Selection } from "d3-selection";
import { line } from "d3-shape";
import { timeStep } from "../../model/times";
import type { Clock } from "../../spec/generated";
import { clean, grouped, signed } from "../../words/numbers";

/** Room for the numbers of the y axis. */
export const LEFT = 46;
export const tick = (value: { valueOf(): number }) => signed(grouped(clean(value.valueOf())));

export type Scale = ScaleLinear<number, number>;
export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type Svg = Selection<SVGSVGElement, unknown, null, undefined>;

/** A run as it is drawn: values at times. */
export interface Series {
  times: Float64Array;
  values: Float64Array;
}

export interface CurveStyle {
  /** CSS colour of the line and of its text. */
  colour: string;
  textColour: string;
  /** Stands beside the number where a chart has several curves. */
  name: string;
  /** Dashes of the line, where several curves share a colour. */
  dash?: string;
}

export interface TimeAxis {
  times: Float64Array;
  /** Time drawn before the change. */
  lead: number;
  span: number;
  /** Time shown over these times: 24 a day, where a model counts hours and the reader days. */
  factor: number;
  /** The unit shown: "hour". */
  unit: string;
  /** "hours after the change" */
  words: string;
}

/** The axis of a lab's clock over these times. */
export function clockAxis({ span, factor, unit }: Clock, times: Float64Array, words = `${unit}s after the change`): TimeAxis {
  return { times, lead: span / 12, span, factor, unit, words };
}

/** Curves in one of the palette's hues. */
export function hueStyle(hue: string, name = ""): CurveStyle {
  return { colour: `var(--ls-${hue})`, textColour: `var(--ls-${hue}-text)`, name };
}

/** Round times for the ticks of an axis, in the model's unit, at most `most` of them. */
function timeTicks({ span, factor, unit }: TimeAxis, most: number): number[] {
  const shown = span * factor;
  const step = timeStep(shown, most, unit);
  const ticks: number[] = [];
  for (let at = 0; at <= shown * (1 + 1e-9); at += step) ticks.push(at / factor);
  return ticks;
}

/** The lowest and the highest of several runs. */
export function extent(runs: readonly Float64Array[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const values of runs) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** Set attributes that differ: one written again with its old value is styled and painted again all the same. */
export function put(element: Selection<any, unknown, null, undefined>, attributes: Record<string, string | number | null>): void {
  const node = element.node() as Element;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
  }
}

export function write(element: Selection<any, unknown, null, undefined>, text: string): void {
  const node = element.node() as Element;
  if (node.textContent !== text) node.textContent = text;
}

export function svgIn(parent: HTMLElement, labelledBy: string): Svg {
  const svg = select(parent).append("svg").attr("role", "img").attr("aria-labelledby", labelledBy);
  return svg as unknown as Svg;
}

/** Lay a chart out in `width` units; it is shown `by` times as large. */
export function size(svg: Svg, width: number, height: number, by = 1): void {
  svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width * by).attr("height", height * by);
}

/** A run as path data: a straight piece at rest before the change, then its samples. `digits`: decimals of a pixel. */
export function runPath(
  x: Scale,
  y: Scale,
  { times, lead }: Pick<TimeAxis, "times" | "lead">,
  values: Float64Array,
  rest = values[0],
  digits = 2,
): string | null {
  const points = new Array<number>(values.length + 1);
  points[0] = rest;
  for (let i = 0; i < values.length; i++) points[i + 1] = values[i];
  return line<number>()
    .x((_, i) => x(i === 0 ? -lead : times[i - 1]))
    .y((value) => y(value))
    .digits(digits)(points);
}

/** Width of a letter of an axis, px: measuring would cost a layout. */
export const LETTER = 7.2;

/** As many ticks as stand apart along `x` with labels like `longest`, at most `most`. */
export function ticksThatFit(x: Scale, longest: string, most: number): number {
  const [left, right] = x.range();
  return Math.max(1, Math.min(most, Math.floor((right - left) / (LETTER * longest.length + 12))));
}

/** Where the words under an axis end: where the axis does, or further right where, widely spaced, they would begin left of the chart. */
export function wordsEnd(right: number, words: string, width: number): number {
  return Math.min(width, Math.max(right, 1.3 * LETTER * words.length));
}

/** Round times along the bottom, at most `most` of them. */
export function timeAxis(group: Group, x: Scale, time: TimeAxis, most: number): void {
  const shown = (at: { valueOf(): number }) => String(clean(at.valueOf() * time.factor));
  const fitting = ticksThatFit(x, String(Math.round(time.span * time.factor)), most);
  group.call(axisBottom(x).tickValues(timeTicks(time, fitting)).tickSize(0).tickPadding(9).tickFormat(shown));
  group.select(".domain").remove();
}

/** About `count` values at the left, each with a line across the chart. */
export function levelAxis(group: Group, x: Scale, y: Scale, count: number): void {
  const [left, right] = x.range();
  group
    .attr("transform", `translate(${left},0)`)
    .call(axisLeft(y).ticks(count).tickSize(-(right - left)).tickPadding(8).tickFormat(tick));
  group.select(".domain").remove();
}

/** The height of a run at a place of the x axis, px. */
export function heightAt(x: Scale, y: Scale, times: Float64Array, values: Float64Array, at: number): number {
  const time = x.invert(at);
  let after = 1;
  while (after < times.length - 1 && times[after] < time) after++;
  const [from, to] = [times[after - 1], times[after]];
  const share = to > from ? Math.min(1, Math.max(0, (time - from) / (to - from))) : 1;
  return y(values[after - 1] + share * (values[after] - values[after - 1]));
}

/** One shape for each curve of a chart, so that it is known anywhere along it, in grey and without seeing hues. */
const SHAPES = ["m-4,0a4,4 0 1 1 8,0a4,4 0 1 1 -8,0z", "m-4,-4h8v8h-8z", "m0,-5.5l5.5,9.5h-11z", "m0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z"];
/** How often a curve carries its shape. */
const REPEATS = 3;

/** The shape of curve `k` at a place, as path data. */
export function shapeAt(k: number, x: number, y: number): string {
  return `M${x.toFixed(1)},${y.toFixed(1)}${SHAPES[k % SHAPES.length]}`;
}

/** Places along the x axis for curve `k` of `of`; no two curves share one, so that curves that coincide show all. */
export function placesAlong(x: Scale, k: number, of: number, repeats = REPEATS): number[] {
  const right = x.range()[1];
  const left = x(0);
  return Array.from({ length: repeats }, (_, i) => left + ((right - left) * (i + (k + 0.5) / of)) / repeats);
}

/** Push labels apart so that none overlaps; keeps their order and moves each as little as a simple sweep can. */
export function apart(positions: number[], distance: number, low: number, high: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
  const placed = positions.slice();
  for (let k = 1; k < order.length; k++) {
    placed[order[k]] = Math.max(placed[order[k]], placed[order[k - 1]] + distance);
  }
  const over = order.length ? placed[order[order.length - 1]] - high : 0;
  if (over > 0) {
    placed[order[order.length - 1]] -= over;
    for (let k = order.length - 2; k >= 0; k--) {
      placed[order[k]] = Math.min(placed[order[k]], placed[order[k + 1]] - distance);
    }
  }
  return placed.map((place) => Math.max(low, place));
}
