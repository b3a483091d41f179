/** Many people in time: the middle one as a line, half of them and nine in ten as bands. */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { area } from "d3-shape";
import { LEFT, levelAxis, put, runPath, size, svgIn, timeAxis, wordsEnd, type CurveStyle, type Group, type Svg, type TimeAxis } from "./kit";
import { ladder } from "../../model/ladder";

const HEIGHT = 190;
const BOTTOM = HEIGHT - 42;

type Path = Selection<SVGPathElement, unknown, null, undefined>;

export class FanChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly axisWords: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly bands: Path[];
  private readonly middle: Path;
  private readonly x = scaleLinear();
  private readonly y = scaleLinear().range([BOTTOM, 12]);
  private width = 0;
  private by = 1;
  private last: readonly Float64Array[] | null = null;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    describedBy: string,
    private readonly time: TimeAxis,
    style: CurveStyle,
  ) {
    this.svg = svgIn(parent, labelledBy).attr("aria-describedby", describedBy);
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x").attr("transform", `translate(0,${BOTTOM})`);
    this.axisWords = this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(time.words);
    const shape = (className: string) => this.svg.append("path").attr("class", className).style("fill", style.colour);
    this.bands = [shape("band outer"), shape("band inner")];
    this.middle = this.svg.append("path").attr("class", "curve small").style("stroke", style.colour);
  }

  resize(width: number, by = 1): void {
    if (width === this.width && by === this.by) return;
    this.by = by;
    this.width = width;
    size(this.svg, width, HEIGHT, by);
    this.x.domain([0, this.time.span]).range([LEFT, width - 14]);
    timeAxis(this.xAxis, this.x, this.time, width < 430 ? 4 : 6);
    put(this.axisWords, { x: wordsEnd(width - 14, this.time.words, width), y: HEIGHT - 5 });
    if (this.last) this.update(this.last);
  }

  /** Five quantiles at the chart's times, from the lowest to the highest. */
  update(quantiles: readonly Float64Array[]): void {
    this.last = quantiles;
    if (!this.width) return;
    const [lowest, low, middle, high, highest] = quantiles;
    const { times } = this.time;
    this.y.domain([0, ladder(Math.max(...highest) * 1.04)]);
    levelAxis(this.yAxis, this.x, this.y, 3);
    const band = (from: Float64Array, to: Float64Array) =>
      area<number>()
        .x((_, i) => this.x(times[i]))
        .y0((_, i) => this.y(from[i]))
        .y1((_, i) => this.y(to[i]))
        .digits(2)([...from]);
    put(this.bands[0], { d: band(lowest, highest) });
    put(this.bands[1], { d: band(low, high) });
    put(this.middle, { d: runPath(this.x, this.y, { times, lead: 0 }, middle) });
  }
}
