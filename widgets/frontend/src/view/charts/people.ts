/** The chart of people: how many of them end where, with the middle one and nine in ten told apart, and the same in words. */
import { axisBottom } from "d3-axis";
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { LEFT, put, size, svgIn, tick, wordsEnd, write, type CurveStyle, type Group, type Svg } from "./kit";
import type { Summary } from "../../model/population";
import { ALIKE, axisEnd } from "../../words/people";
import { percentOf } from "../../words/numbers";

const HEIGHT = 156;
const RIGHT = 46;
/** The line of nine in ten stands here, the bars below it. */
const SPAN_Y = 34;
const BARS_TOP = 48;
const BARS_BOTTOM = HEIGHT - 42;
/** Width of a bar with its gap, px. */
const BAR = 7;
/** Width of a character of a number, px: measuring would cost a layout. */
const DIGIT = 7.6;
/** Width of "nine in ten" and of "baseline" with the space around them, px. */
const NINE_WORDS = 84;
const BASELINE_WORDS = 66;

type Text = Selection<SVGTextElement, unknown, null, undefined>;

export class PeopleChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly axisWords: Text;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly ghostLabel: Text;
  private readonly inner: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly outer: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly span: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly dot: Selection<SVGCircleElement, unknown, null, undefined>;
  private readonly median: Text;
  private readonly low: Text;
  private readonly high: Text;
  private readonly nine: Text;
  private readonly x = scaleLinear();
  private width = 0;
  private by = 1;
  private drawn: Summary | null = null;

  constructor(parent: HTMLElement, labelledBy: string, describedBy: string, style: CurveStyle) {
    this.svg = svgIn(parent, labelledBy).attr("aria-describedby", describedBy).attr("visibility", "hidden");
    const path = (name: string) => this.svg.append("path").attr("class", name);
    const text = (name: string) => this.svg.append("text").attr("class", name);
    this.outer = path("bars outer").style("fill", style.colour);
    this.inner = path("bars").style("fill", style.colour);
    this.ghost = path("ghost");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.axisWords = text("axis-words").attr("text-anchor", "end").text("% of their own baseline");
    this.span = path("span");
    this.dot = this.svg.append("circle").attr("class", "scan-dot").attr("r", 6).style("fill", style.colour);
    this.ghostLabel = text("ghost-label").text("baseline");
    this.low = text("").attr("text-anchor", "end");
    this.high = text("");
    this.nine = text("").text("nine in ten");
    this.median = text("small-label").style("fill", style.textColour);
  }

  resize(width: number, by = 1): void {
    if (width === this.width && by === this.by) return;
    this.by = by;
    this.width = width;
    size(this.svg, width, HEIGHT, by);
    this.x.range([LEFT, width - RIGHT]);
    if (this.drawn) this.update(this.drawn);
  }

  update(people: Summary): void {
    this.drawn = people;
    if (!this.width) return;
    put(this.svg, { visibility: null });
    const { x, width } = this;
    const { sorted, median, low, high } = people;
    const top = axisEnd(people);
    x.domain([0, top]);
    this.drawAxis(top);

    const [left, right] = x.range();
    const bins = Math.max(16, Math.floor((right - left) / BAR));
    const counts = new Array<number>(bins).fill(0);
    for (const fold of sorted) counts[Math.min(bins - 1, Math.max(0, Math.floor((fold / top) * bins)))]++;
    const most = Math.max(...counts);
    const step = (right - left) / bins;
    let inner = "";
    let outer = "";
    counts.forEach((count, i) => {
      if (!count) return;
      const high_ = Math.max(1.5, ((BARS_BOTTOM - BARS_TOP) * count) / most);
      const bar = `M${(left + i * step + 0.75).toFixed(2)},${BARS_BOTTOM}v${(-high_).toFixed(2)}h${(step - 1.5).toFixed(2)}v${high_.toFixed(2)}z`;
      const middle = ((i + 0.5) / bins) * top;
      const half = (0.5 / bins) * top;
      if (middle + half >= low && middle - half <= high) inner += bar;
      else outer += bar;
    });
    put(this.inner, { d: inner });
    put(this.outer, { d: outer });

    const alike = high - low < ALIKE * median;
    const at = x(median);
    put(this.dot, { cx: at, cy: SPAN_Y });
    put(this.span, { d: alike ? null : `M${x(low)},${SPAN_Y - 5}v10m0,-5H${x(high)}m0,-5v10` });
    const close = Math.abs(median - 1) < 0.03;
    write(this.median, alike ? (close ? "everyone at baseline" : `everyone ${percentOf(median)}`) : `median ${percentOf(median)}`);
    put(this.median, anchored(at, 52, width, 16));
    const shown = alike ? "hidden" : null;
    write(this.low, percentOf(low));
    write(this.high, percentOf(high));
    put(this.low, { x: Math.max(40, x(low) - 8), y: SPAN_Y + 5, visibility: shown });
    put(this.high, { x: x(high) + 8, y: SPAN_Y + 5, visibility: shown });
    this.placeNine(x(low), x(high), alike);

    put(this.ghost, { d: `M${x(1)},${BARS_BOTTOM}V${BARS_TOP}`, visibility: Math.abs(x(median) - x(1)) > 14 ? null : "hidden" });
    const room = Math.min(Math.abs(x(low) - x(1)), Math.abs(x(high) - x(1))) > 12 && (x(1) < x(low) || x(1) > x(high));
    const before = x(1) < x(median);
    put(this.ghostLabel, {
      x: x(1) + (before ? -6 : 6),
      y: BARS_BOTTOM - 8,
      "text-anchor": before ? "end" : "start",
      visibility: room && (before ? x(1) > BASELINE_WORDS : x(1) < width - BASELINE_WORDS) ? null : "hidden",
    });
  }

  /** Beside the number at one of the ends, where there is room; the words below the chart say it in any case. */
  private placeNine(low: number, high: number, alike: boolean): void {
    const after = high + 22 + DIGIT * this.high.text().length;
    const before = low - 22 - DIGIT * this.low.text().length;
    if (alike) put(this.nine, { visibility: "hidden" });
    else if (after + NINE_WORDS < this.width) put(this.nine, { x: after, y: SPAN_Y + 5, "text-anchor": "start", visibility: null });
    else if (before > NINE_WORDS) put(this.nine, { x: before, y: SPAN_Y + 5, "text-anchor": "end", visibility: null });
    else put(this.nine, { visibility: "hidden" });
  }

  private drawAxis(top: number): void {
    const { x, xAxis } = this;
    const [left, right] = x.range();
    const most = Math.floor((right - left) / (DIGIT * tick(100 * top).length + 24));
    xAxis
      .attr("transform", `translate(0,${BARS_BOTTOM})`)
      .call(axisBottom(x).ticks(Math.max(1, Math.min(8, most))).tickSize(0).tickPadding(9).tickFormat((fold) => tick(100 * Number(fold))));
    xAxis.select(".domain").attr("d", `M${x(0)},0.5H${x(top)}`);
    put(this.axisWords, { x: wordsEnd(right, this.axisWords.text(), this.width), y: HEIGHT - 5 });
  }
}

function anchored(at: number, half: number, width: number, y: number): Record<string, string | number> {
  const anchor = at < half ? "start" : at > width - half ? "end" : "middle";
  return { x: anchor === "start" ? 2 : anchor === "end" ? width - 2 : at, y, "text-anchor": anchor };
}
