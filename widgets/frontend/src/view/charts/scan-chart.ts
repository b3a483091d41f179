/** The chart over a control's whole range. */
import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { line } from "d3-shape";
import type { ScanData } from "../../model/scan";
import type { Point } from "../../spec/generated";
import { LEFT, levelAxis, put, size, svgIn, ticksThatFit, wordsEnd, type CurveStyle, type Group, type Svg } from "./kit";
import { SteadyTop } from "./scale";

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
  private by = 1;
  private height = 0;
  private drawnTop = 0;
  private highest = 0;

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
    private readonly points: readonly Point[] = [],
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

  resize(width: number, height: number, by = 1): void {
    if (width === this.width && height === this.height && by === this.by) return;
    this.by = by;
    this.width = width;
    this.height = height;
    this.drawnTop = 0;
    size(this.svg, width, height, by);
    this.x.range([LEFT, width - 14]);
    this.y.range([height - 42, 12]);
    this.xAxis
      .attr("transform", `translate(0,${height - 42})`)
      .call(axisBottom(this.x).ticks(ticksThatFit(this.x, "0.00", width < 360 ? 3 : 5)).tickSize(0).tickPadding(9).tickFormat((value) => this.format(Number(value))));
    this.xAxis.select(".domain").remove();
    const words = this.svg.select<SVGTextElement>(".axis-words");
    words.attr("x", wordsEnd(width - 14, words.text(), width)).attr("y", height - 5);
  }

  /** Whether its axis would shrink now that nothing is being moved. */
  get isLoose(): boolean {
    return this.width > 0 && this.kind !== "percent" && this.top.isLoose(this.highest);
  }

  update(rest: ScanData, now: ScanData, setting: number, level: number, words: string, still: boolean): void {
    if (!this.width) return;
    let highest = this.kind === "relative" ? 100 : 0;
    for (const data of [rest, now]) for (const value of data.values) if (value > highest) highest = value;
    for (const { y, high } of this.points) highest = Math.max(highest, high ?? y);
    this.highest = highest;
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
      if (low !== null && high !== null) {
        this.published.append("path").attr("d", `M${this.x(x)},${this.y(low)}V${this.y(high)}`);
      }
      this.published.append("circle").attr("cx", this.x(x)).attr("cy", this.y(y)).attr("r", 4.5);
    }
  }

  private path(data: ScanData): string | null {
    return this.draw.x((_, i) => this.x(data.settings[i]))(data.values);
  }
}
