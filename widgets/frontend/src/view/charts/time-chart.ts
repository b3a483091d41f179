/** The main chart: an output in time. */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { area } from "d3-shape";
import { apart, extent, heightAt, LEFT, levelAxis, placesAlong, put, runPath, shapeAt, size, svgIn, timeAxis, wordsEnd, write, type CurveStyle, type Group, type Svg, type TimeAxis } from "./kit";
import type { Shade } from "../../session/frame";
import { spaced } from "../letters";
import { SteadyRange, SteadyTop } from "./scale";

/** One curve of a chart: values at `times`, in % of baseline (or in the output's unit where nothing is there at rest). */
export interface Curve {
  values: Float64Array;
  /** When: models with events are sampled otherwise than those without. The chart's own times if left out. */
  times?: Float64Array;
  /** What it was before the change; its level at rest if left out. */
  before?: number;
  /** The number at the curve's end: "270 %". */
  label: string;
}

/** The main chart: level in time, with the baseline's ghost, the moment of the change and the number at the end. */
export class TimeChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly band: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly curves: Selection<SVGPathElement, unknown, null, undefined>[];
  private readonly shapes: Selection<SVGPathElement, unknown, null, undefined>[];
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
  private by = 1;
  private height = 0;
  private drawn = "";
  /** Room for numbers and names at the right, px. */
  private readonly words: number;
  /** A run drawn in place of the flat baseline. */
  private before: Float64Array | null = null;
  private shaded: Shade | null = null;
  /** The lowest and the highest of what is drawn. */
  private reach: [number, number] = [0, 0];

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
    this.words = styles.length > 1 ? Math.max(118, 7.4 * longest + 16) : relative ? 92 : 112;
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.axisWords = this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(time.words);
    this.marker = this.svg.append("line").attr("class", "marker");
    this.markerLabel = this.svg.append("text").attr("class", "marker-label");
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.ghostLabel = this.svg.append("text").attr("class", "ghost-label").text(relative ? "baseline" : "before");
    this.band = this.svg.append("path").attr("class", "doubt").style("fill", styles[0].colour);
    this.curves = styles.map((style) =>
      this.svg.append("path").attr("class", "curve").style("stroke", style.colour).attr("stroke-dasharray", style.dash ?? null),
    );
    // Over the curves, which they tell apart.
    this.shapes = styles.length < 2 ? [] : styles.map((style) => this.svg.append("path").attr("class", "shape").style("stroke", style.colour));
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

  resize(width: number, height: number, by = 1): void {
    if (width === this.width && height === this.height && by === this.by) return;
    this.by = by;
    this.width = width;
    this.height = height;
    this.drawn = "";
    const wide = Math.min(this.words * (spaced(this.svg.node()!) ? 1.2 : 1), 0.46 * width);
    // Where they have less than they need, the numbers are smaller.
    this.svg.classed("tight", wide < this.words && this.labels.length < 2);
    size(this.svg, width, height, by);
    this.x.domain([-this.time.lead, this.time.span]).range([LEFT, width - wide]);
    this.y.range([height - 42, 24]);
    this.xAxis.attr("transform", `translate(0,${height - 42})`);
    timeAxis(this.xAxis, this.x, this.time, width < 430 ? 4 : 5);
    this.axisWords.attr("x", wordsEnd(width - wide, this.time.words, width)).attr("y", height - 5);
    const start = this.x(0);
    this.marker.attr("x1", start).attr("x2", start).attr("y1", 8).attr("y2", height - 42);
    // In a narrow chart of large letters the axis says it alone.
    const fits = start + 6 + MARKER_WORDS < (this.labels.length > 1 ? width - wide : width - 20);
    this.markerLabel.attr("x", start + 6).attr("y", 16).attr("visibility", fits ? null : "hidden");
  }

  /** What `update` shades round the first curve from now on; null: nothing. */
  shade(band: Shade | null): void {
    this.shaded = band;
  }

  /** Whether its axis would shrink now that nothing is being moved. */
  get isLoose(): boolean {
    return this.width > 0 && (this.relative ? this.top.isLoose(this.reach[1]) : this.range.isLoose(...this.reach));
  }

  update(curves: Curve[], marker: string, guess: number | null, still: boolean): void {
    if (!this.width) return;
    const runs = curves.map(({ values }) => values);
    if (this.before) runs.push(this.before);
    if (this.shaded) runs.push(this.shaded.low, this.shaded.high);
    let [lowest, highest] = extent(runs);
    if (this.relative) highest = Math.max(highest, 100);
    if (guess !== null) [lowest, highest] = [Math.min(lowest, guess), Math.max(highest, guess)];
    this.reach = [lowest, highest];
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
      const { values, times = this.time.times, before = this.relative ? 100 : values[0] } = curve;
      this.curves[k].attr("d", runPath(this.x, this.y, { times, lead }, values, before));
      return this.y(values[values.length - 1]);
    });
    put(this.band, { d: this.shaded ? this.between(this.shaded, curves[0].times ?? this.time.times) : "" });
    const bottom = this.height - 42;
    // Clear of the last number under the axis.
    const places = apart(ends, this.labels.length > 1 ? 40 : 24, 18, bottom - 10);
    curves.forEach((curve, k) => {
      put(this.labels[k], { x: right + (this.shapes.length ? 25 : 9), y: places[k] + 7 });
      write(this.labels[k], curve.label);
      put(this.names[k], { x: right + 9, y: places[k] - 13 });
    });
    this.shapes.forEach((shape, k) => {
      const { values, times = this.time.times } = curves[k];
      const along = placesAlong(this.x, k, curves.length).map((at) => shapeAt(k, at, heightAt(this.x, this.y, times, values, at)));
      put(shape, { d: along.join("") + shapeAt(k, right + 15, places[k]) });
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

  private between({ low, high }: Shade, times: Float64Array): string {
    return (
      area<number>()
        .x((_, i) => this.x(times[i]))
        .y0((_, i) => this.y(low[i]))
        .y1((_, i) => this.y(high[i]))
        .digits(2)([...low]) ?? ""
    );
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
