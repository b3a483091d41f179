/** The curves: the main chart in time, small charts of other outputs, and the settled level against one control. */
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { select, type Selection } from "d3-selection";
import { line } from "d3-shape";
import { SteadyRange, SteadyTop, timeStep } from "./scale";
import type { PointSpec } from "../types";
import { clean, grouped, signed } from "../../words/words";

/** Room for the numbers of the y axis. */
export const LEFT = 46;
export const tick = (value: { valueOf(): number }) => signed(grouped(clean(value.valueOf())));

type Scale = ScaleLinear<number, number>;
export type Group = Selection<SVGGElement, unknown, null, undefined>;
export type Svg = Selection<SVGSVGElement, unknown, null, undefined>;

/** One curve of a chart: values at `times`, in % of baseline (or in the output's unit where nothing is there at rest). */
export interface Curve {
  values: Float64Array;
  /** When: models with events are sampled otherwise than those without. The chart's own times if left out. */
  times?: Float64Array;
  /** The number at the curve's end: "270 %". */
  label: string;
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

export function size(svg: Svg, width: number, height: number): void {
  svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
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

/** Round times along the bottom, at most `most` of them. */
export function timeAxis(group: Group, x: Scale, time: TimeAxis, most: number): void {
  const shown = (at: { valueOf(): number }) => String(clean(at.valueOf() * time.factor));
  group.call(axisBottom(x).tickValues(timeTicks(time, most)).tickSize(0).tickPadding(9).tickFormat(shown));
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

/** Push labels apart so that none overlaps; keeps their order and moves each as little as a simple sweep can. */
function apart(positions: number[], distance: number, low: number, high: number): number[] {
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

/** The main chart: level in time, with the baseline's ghost, the moment of the change and the number at the end. */
export class TimeChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly curves: Selection<SVGPathElement, unknown, null, undefined>[];
  private readonly labels: Selection<SVGTextElement, unknown, null, undefined>[];
  private readonly names: Selection<SVGTextElement, unknown, null, undefined>[];
  private readonly ghostLabel: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly marker: Selection<SVGLineElement, unknown, null, undefined>;
  private readonly markerLabel: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly axisWords: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly guess: Group;
  private readonly top = new SteadyTop(150);
  private readonly range = new SteadyRange();
  private readonly x = scaleLinear();
  private readonly y = scaleLinear();
  private width = 0;
  private height = 0;
  private drawn = "";
  /** Room for numbers and names at the right, px. */
  private readonly words: number;
  /** A run drawn in place of the flat baseline. */
  private before: Float64Array | null = null;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    styles: CurveStyle[],
    /** Whether the values are % of baseline. */
    private readonly relative: boolean,
  ) {
    this.svg = svgIn(parent, labelledBy).classed("lab-main-svg", true);
    const longest = Math.max(0, ...styles.map((style) => style.name.length));
    this.words = styles.length > 1 ? Math.max(118, 7.4 * longest + 16) : 84;
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.axisWords = this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(time.words);
    this.marker = this.svg.append("line").attr("class", "marker");
    this.markerLabel = this.svg.append("text").attr("class", "marker-label");
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.ghostLabel = this.svg.append("text").attr("class", "ghost-label").text(relative ? "baseline" : "before");
    this.curves = styles.map((style) =>
      this.svg.append("path").attr("class", "curve").style("stroke", style.colour).attr("stroke-dasharray", style.dash ?? null),
    );
    this.names = styles.map((style) =>
      this.svg.append("text").attr("class", "curve-name").style("fill", style.textColour).text(styles.length > 1 ? style.name : ""),
    );
    this.labels = styles.map((style) => this.svg.append("text").attr("class", "curve-label").style("fill", style.textColour));
    // In front of the curves, and of the ghost's dashes.
    this.guess = this.svg.append("g").attr("class", "guess").attr("visibility", "hidden");
    this.guess.append("path").attr("d", "M0,-6 L6,0 L0,6 L-6,0 Z");
    this.guess.append("text").attr("x", -9).attr("text-anchor", "end").text("your guess");
  }

  /** Draw a run as the ghost, in place of the flat baseline. */
  compareWith(values: Float64Array): void {
    this.before = values.slice();
    this.drawn = "";
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.drawn = "";
    const wide = Math.min(this.words, 0.42 * width);
    size(this.svg, width, height);
    this.x.domain([-this.time.lead, this.time.span]).range([LEFT, width - wide]);
    this.y.range([height - 42, 24]);
    this.xAxis.attr("transform", `translate(0,${height - 42})`);
    timeAxis(this.xAxis, this.x, this.time, width < 430 ? 4 : 5);
    this.axisWords.attr("x", width - wide).attr("y", height - 5);
    const start = this.x(0);
    this.marker.attr("x1", start).attr("x2", start).attr("y1", 8).attr("y2", height - 42);
    this.markerLabel.attr("x", start + 6).attr("y", 16);
  }

  update(curves: Curve[], marker: string, guess: number | null, still: boolean): void {
    if (!this.width) return;
    const runs = curves.map(({ values }) => values);
    if (this.before) runs.push(this.before);
    let [lowest, highest] = extent(runs);
    if (this.relative) highest = Math.max(highest, 100);
    if (guess !== null) [lowest, highest] = [Math.min(lowest, guess), Math.max(highest, guess)];
    const range = this.relative ? [0, this.top.fit(highest, still)] : this.range.fit(lowest, highest, still);
    if (String(range) !== this.drawn) {
      this.drawn = String(range);
      this.y.domain(range);
      levelAxis(this.yAxis, this.x, this.y, this.height < 200 ? 3 : 4);
      const [left, right] = this.x.range();
      this.ghost.attr("d", this.relative ? `M${left},${this.y(100)}H${right}` : this.before && runPath(this.x, this.y, this.time, this.before));
    }
    const { lead } = this.time;
    const right = this.x.range()[1];
    const ends = curves.map((curve, k) => {
      const { values, times = this.time.times } = curve;
      const rest = this.relative ? 100 : values[0];
      this.curves[k].attr("d", runPath(this.x, this.y, { times, lead }, values, rest));
      return this.y(values[values.length - 1]);
    });
    const bottom = this.height - 42;
    // Clear of the last number under the axis.
    const places = apart(ends, this.labels.length > 1 ? 40 : 24, 18, bottom - 10);
    curves.forEach((curve, k) => {
      put(this.labels[k], { x: right + 9, y: places[k] + 7 });
      write(this.labels[k], curve.label);
      put(this.names[k], { x: right + 9, y: places[k] - 13 });
    });
    write(this.markerLabel, marker);
    const rest = this.relative ? this.y(100) : this.before ? this.y(this.before[this.before.length - 1]) : null;
    const crossing = (from: number) => this.crossing(curves, from, right);
    const taken = this.placeGhostLabel(rest, places, right, bottom, crossing(right - GHOST_WORDS), curves);
    put(this.guess, { visibility: guess === null ? "hidden" : null });
    if (guess === null) return;
    const at = this.y(guess);
    this.guess.attr("transform", `translate(${right},${at})`);
    const lines = [...crossing(right - GUESS_WORDS), ...taken];
    if (rest !== null) lines.push([rest, rest]);
    // The words at the change stand on this line.
    if (this.x(0) + 6 + MARKER_WORDS > right - GUESS_WORDS) lines.push([4, 20]);
    this.guess.select("text").attr("y", clearOf(lines, at, 14, bottom - 6) - at);
  }

  /**
   * "baseline" stands at the right of its dashes. Where the curve's own number is too near, it would read as that
   * number's caption, so it stands over or under the dashes within the chart; where that has no room either, the
   * dashes speak for themselves. Returns the height it takes within the chart.
   */
  private placeGhostLabel(
    rest: number | null,
    places: number[],
    right: number,
    bottom: number,
    lines: Span[],
    curves: Curve[],
  ): Span[] {
    const label = this.ghostLabel;
    if (rest === null) {
      put(label, { visibility: "hidden" });
      return [];
    }
    const nearest = places.reduce((best, place) => (Math.abs(place - rest) < Math.abs(best - rest) ? place : best));
    const far = Math.abs(nearest - rest) >= (curves.length > 1 ? 34 : 24);
    const last = curves[0].values[curves[0].values.length - 1];
    // At rest the two are one: "baseline" over "100 %".
    if (far || (this.relative && curves.length === 1 && Math.abs(last - 100) < 0.5)) {
      put(label, { x: right + 9, y: (far ? rest : nearest - 22) + 4, "text-anchor": null, visibility: null });
      return [];
    }
    // A run that lies under the curve is not told from it by words.
    const free = (y: number) => this.relative && y > 30 && y < bottom - 4 && !lines.some(([high, low]) => low > y - 12 && high < y + 5);
    const y = [rest + 15, rest - 7].find(free);
    if (y === undefined) put(label, { visibility: "hidden" });
    else put(label, { x: right - 4, y, "text-anchor": "end", visibility: null });
    return y === undefined ? [] : [[y - 12, y + 5]];
  }

  /** The heights each curve takes between two places of the x axis, px. */
  private crossing(curves: Curve[], from: number, to: number): Span[] {
    return curves.map(({ values, times = this.time.times }) => {
      let high = Infinity;
      let low = -Infinity;
      for (let i = times.length - 1; i >= 0; i--) {
        const x = this.x(times[i]);
        if (x > to) continue;
        const y = this.y(values[i]);
        high = Math.min(high, y);
        low = Math.max(low, y);
        if (x < from) break;
      }
      return [high - 3, low + 3];
    });
  }
}

/** From the highest to the lowest point of a line, px (down is larger). */
type Span = [number, number];

/** Width of "your guess" and of "baseline" with the space around them, px: measuring would cost a layout. */
const GUESS_WORDS = 84;
const GHOST_WORDS = 66;
const MARKER_WORDS = 96;

/** The baseline of a line of text near `y`, between `top` and `bottom`, that none of the lines runs through. */
function clearOf(lines: Span[], y: number, top: number, bottom: number): number {
  const free = (at: number) => at > top && at < bottom && !lines.some(([high, low]) => low > at - 12 && high < at + 4);
  const tries = [y + 5];
  for (let off = 8; off <= 60; off += 4) tries.push(y - off, y + off + 9);
  return tries.find(free) ?? y + 5;
}

/** A small chart without axes: shape and end value of one output. */
export class SmallChart {
  private readonly svg: Svg;
  private readonly curve: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly label: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly top = new SteadyTop(150);
  private readonly x = scaleLinear();
  private readonly y = scaleLinear();
  private width = 0;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    style: CurveStyle,
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curve = this.svg.append("path").attr("class", "curve small").style("stroke", style.colour);
    this.label = this.svg.append("text").attr("class", "small-label").style("fill", style.textColour);
  }

  resize(width: number): void {
    if (width === this.width) return;
    this.width = width;
    size(this.svg, width, 46);
    this.x.domain([-this.time.lead, this.time.span]).range([1, width - 66]);
    this.y.range([43, 3]);
  }

  update({ values, label }: Curve, relative: boolean, still: boolean): void {
    if (!this.width) return;
    let highest = relative ? 100 : 0;
    for (const value of values) if (value > highest) highest = value;
    this.y.domain([0, this.top.fit(highest, still)]);
    const right = this.x.range()[1];
    put(this.ghost, { d: relative ? `M1,${this.y(100)}H${right}` : null });
    const rest = relative ? 100 : values[0];
    this.curve.attr("d", runPath(this.x, this.y, this.time, values, rest));
    put(this.label, { x: right + 8, y: Math.min(42, Math.max(15, this.y(values[values.length - 1]) + 6)) });
    write(this.label, label);
  }
}

export interface ScanData {
  settings: Float64Array;
  /** % of baseline; NaN where nothing settles. */
  values: Float64Array;
}

/** The settled level over one control's whole range, with a dot at the present setting. */
export class ScanChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly curve: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly dot: Selection<SVGCircleElement, unknown, null, undefined>;
  private readonly drop: Selection<SVGLineElement, unknown, null, undefined>;
  private readonly label: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly published: Group;
  private readonly top: SteadyTop;
  private readonly x = scaleLinear();
  private readonly y = scaleLinear();
  private readonly draw;
  private width = 0;
  private height = 0;
  private drawnTop = 0;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    from: number,
    to: number,
    private readonly format: (value: number) => string,
    words: string,
    style: CurveStyle,
    /** What the values are: % of baseline, % of a whole, or numbers of a unit. */
    private readonly kind: "relative" | "percent" | "own",
    private readonly points: readonly PointSpec[] = [],
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.top = new SteadyTop(kind === "relative" ? 150 : 0);
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(words);
    this.drop = this.svg.append("line").attr("class", "marker");
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curve = this.svg.append("path").attr("class", "curve scan").style("stroke", style.colour);
    this.published = this.svg.append("g").attr("class", "published");
    this.dot = this.svg.append("circle").attr("class", "scan-dot").attr("r", 6).style("fill", style.colour);
    this.label = this.svg.append("text").attr("class", "small-label").style("fill", style.textColour);
    this.x.domain([from, to]);
    this.draw = line<number>().defined(Number.isFinite).y((value) => this.y(value)).digits(2);
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.drawnTop = 0;
    size(this.svg, width, height);
    this.x.range([LEFT, width - 14]);
    this.y.range([height - 42, 12]);
    this.xAxis
      .attr("transform", `translate(0,${height - 42})`)
      .call(axisBottom(this.x).ticks(width < 360 ? 3 : 5).tickSize(0).tickPadding(9).tickFormat((value) => this.format(Number(value))));
    this.xAxis.select(".domain").remove();
    this.svg.select(".axis-words").attr("x", width - 14).attr("y", height - 5);
  }

  update(rest: ScanData, now: ScanData, setting: number, level: number, words: string, still: boolean): void {
    if (!this.width) return;
    let highest = this.kind === "relative" ? 100 : 0;
    for (const data of [rest, now]) for (const value of data.values) if (value > highest) highest = value;
    for (const { y, high } of this.points) highest = Math.max(highest, high ?? y);
    // A whole is never more than a whole, and curves of it are compared by their height.
    const top = this.kind === "percent" ? 100 : this.top.fit(highest, still);
    if (top !== this.drawnTop) {
      this.drawnTop = top;
      this.y.domain([0, top]);
      levelAxis(this.yAxis, this.x, this.y, 3);
      this.drawPoints();
    }
    put(this.ghost, { d: this.path(rest) });
    put(this.curve, { d: this.path(now) });
    const shown = Number.isFinite(level);
    const x = this.x(setting);
    const y = shown ? this.y(level) : 0;
    this.dot.attr("cx", x).attr("cy", y).attr("visibility", shown ? null : "hidden");
    this.drop.attr("x1", x).attr("x2", x).attr("y1", y).attr("y2", this.height - 42).attr("visibility", shown ? null : "hidden");
    const left = x > this.width * 0.6;
    this.label
      .attr("x", x + (left ? -11 : 11))
      .attr("y", Math.max(16, y - 9))
      .attr("text-anchor", left ? "end" : "start")
      .text(shown ? words : "");
  }

  /** Published values: an open circle each, with its interval. */
  private drawPoints(): void {
    const [from, to] = this.x.domain();
    const inside = this.points.filter(({ x }) => x >= from && x <= to);
    this.published.selectAll("*").remove();
    for (const { x, y, low, high } of inside) {
      if (low !== undefined && high !== undefined) {
        this.published.append("path").attr("d", `M${this.x(x)},${this.y(low)}V${this.y(high)}`);
      }
      this.published.append("circle").attr("cx", this.x(x)).attr("cy", this.y(y)).attr("r", 4.5);
    }
  }

  private path(data: ScanData): string | null {
    return this.draw.x((_, i) => this.x(data.settings[i]))(data.values);
  }
}
