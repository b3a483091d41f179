/** Charts of one output each, in its own unit, under the large one: a current, a voltage; and a raster of what is counted. */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { extent, LEFT, levelAxis, put, runPath, size, svgIn, timeAxis, write, type CurveStyle, type Group, type Series, type Svg, type TimeAxis } from "./kit";
import { SteadyRange } from "./scale";

const HEIGHT = 104;
const RIGHT = 84;

type Path = Selection<SVGPathElement, unknown, null, undefined>;
type Text = Selection<SVGTextElement, unknown, null, undefined>;

/** One output in time on a signed axis, with the run the lab opened with as its ghost and its furthest value in words. */
export class TraceChart {
  private readonly svg: Svg;
  private readonly yAxis: Group;
  private readonly zero: Path;
  private readonly ghost: Path;
  private readonly curve: Path;
  private readonly label: Text;
  private readonly range = new SteadyRange();
  private readonly x = scaleLinear();
  private readonly y = scaleLinear().range([HEIGHT - 8, 8]);
  private width = 0;
  private by = 1;
  private drawn = "";
  private reach: [number, number] = [0, 0];

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    style: CurveStyle,
    private readonly before: Float64Array,
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.zero = this.svg.append("path").attr("class", "zero");
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curve = this.svg.append("path").attr("class", "curve small").style("stroke", style.colour);
    this.label = this.svg.append("text").attr("class", "small-label").attr("text-anchor", "end").style("fill", style.textColour);
  }

  resize(width: number, by = 1): void {
    if (width === this.width && by === this.by) return;
    this.by = by;
    this.width = width;
    this.drawn = "";
    size(this.svg, width, HEIGHT, by);
    this.x.domain([-this.time.lead, this.time.span]).range([LEFT, width - RIGHT]);
  }

  /** Whether its axis would shrink now that nothing is being moved. */
  get isLoose(): boolean {
    return this.width > 0 && this.range.isLoose(...this.reach);
  }

  /** `furthest`: the value furthest from rest, beside the curve in words. */
  update({ times, values }: Series, furthest: number, words: string, still: boolean): void {
    if (!this.width) return;
    this.reach = extent([values, this.before]);
    const range = this.range.fit(...this.reach, still);
    const [left, right] = this.x.range();
    if (String(range) !== this.drawn) {
      this.drawn = String(range);
      this.y.domain(range);
      levelAxis(this.yAxis, this.x, this.y, 3);
      put(this.zero, { d: range[0] < 0 && range[1] > 0 ? `M${left},${this.y(0)}H${right}` : null });
      put(this.ghost, { d: this.path(this.time.times, this.before) });
    }
    put(this.curve, { d: this.path(times, values) });
    put(this.label, { x: this.width, y: Math.min(HEIGHT - 6, Math.max(16, this.y(furthest) + 6)) });
    write(this.label, words);
  }

  private path(times: Float64Array, values: Float64Array): string | null {
    return runPath(this.x, this.y, { times, lead: this.time.lead }, values, values[0], 1);
  }
}

const ROW = 24;

/** A tick for each count: a row for now, and one for the run the lab opened with. */
export class RasterChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly now: Path;
  private readonly ghost: Path;
  private readonly nowWords: Text;
  private readonly ghostWords: Text;
  private readonly base: Path;
  private readonly x = scaleLinear();
  private width = 0;
  private by = 1;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    style: CurveStyle,
    private readonly before: number[],
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.base = this.svg.append("path").attr("class", "zero");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.ghost = this.svg.append("path").attr("class", "ticks before");
    this.now = this.svg.append("path").attr("class", "ticks").style("stroke", style.colour);
    this.nowWords = this.svg.append("text").attr("class", "small-label").style("fill", style.textColour);
    this.ghostWords = this.svg.append("text").text("");
  }

  resize(width: number, by = 1): void {
    if (width === this.width && by === this.by) return;
    this.by = by;
    this.width = width;
    size(this.svg, width, 2 * ROW + 34, by);
    const right = width - RIGHT;
    this.x.domain([-this.time.lead, this.time.span]).range([LEFT, right]);
    put(this.base, { d: `M${LEFT},${ROW}H${right}M${LEFT},${2 * ROW}H${right}` });
    this.xAxis.attr("transform", `translate(0,${2 * ROW})`);
    timeAxis(this.xAxis, this.x, this.time, width < 430 ? 4 : 5);
    put(this.ghost, { d: this.ticks(this.before, 2 * ROW) });
    put(this.ghostWords, { x: right + 8, y: 2 * ROW - 4 });
    write(this.ghostWords, `${this.before.length} before`);
  }

  update(found: number[]): void {
    if (!this.width) return;
    put(this.now, { d: this.ticks(found, ROW) });
    put(this.nowWords, { x: this.width - RIGHT + 8, y: ROW - 4 });
    write(this.nowWords, String(found.length));
  }

  private ticks(found: number[], bottom: number): string | null {
    return found.length ? found.map((at) => `M${this.x(at).toFixed(1)},${bottom - 2}v${4 - ROW}`).join("") : null;
  }
}
