/** A small chart without axes. */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { put, runPath, size, svgIn, write, type CurveStyle, type Svg, type TimeAxis } from "./kit";
import { SteadyTop } from "./scale";
import type { Curve } from "./time-chart";

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
  private by = 1;
  private highest = 0;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    style: CurveStyle,
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curve = this.svg.append("path").attr("class", "curve small").style("stroke", style.colour);
    this.label = this.svg.append("text").attr("class", "small-label").attr("text-anchor", "end").style("fill", style.textColour);
  }

  resize(width: number, by = 1): void {
    if (width === this.width && by === this.by) return;
    this.by = by;
    this.width = width;
    size(this.svg, width, 46, by);
    this.x.domain([-this.time.lead, this.time.span]).range([1, width - 66]);
    this.y.range([43, 3]);
  }

  /** Whether its axis would shrink now that nothing is being moved. */
  get isLoose(): boolean {
    return this.width > 0 && this.top.isLoose(this.highest);
  }

  update({ label, times = this.time.times, values }: Curve, relative: boolean, still: boolean): void {
    if (!this.width) return;
    let highest = relative ? 100 : 0;
    for (const value of values) if (value > highest) highest = value;
    this.highest = highest;
    this.y.domain([0, this.top.fit(highest, still)]);
    const right = this.x.range()[1];
    put(this.ghost, { d: relative ? `M1,${this.y(100)}H${right}` : null });
    const rest = relative ? 100 : values[0];
    this.curve.attr("d", runPath(this.x, this.y, { times, lead: this.time.lead }, values, rest));
    put(this.label, { x: this.width, y: Math.min(42, Math.max(15, this.y(values[values.length - 1]) + 6)) });
    write(this.label, label);
  }
}
