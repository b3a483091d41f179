/** Two curves in one small chart. */
import { scaleLinear } from "d3-scale";
import type { Selection } from "d3-selection";
import { extent, heightAt, LEFT, levelAxis, placesAlong, put, runPath, size, svgIn, timeAxis, write, type CurveStyle, type Group, type Series, type Svg, type TimeAxis } from "./kit";
import { SteadyTop } from "./scale";

/** Wide enough for axes, px. */
export const ROOM_FOR_AXES = 190;
/** Wide enough for the numbers of both curves in one line, px. */
const SIDE_BY_SIDE = 260;

/** Two curves in one small chart: a solid one and a dashed one, the numbers at their ends above them. */
export class PairChart {
  private readonly svg: Svg;
  private readonly xAxis: Group;
  private readonly yAxis: Group;
  private readonly axisWords: Selection<SVGTextElement, unknown, null, undefined>;
  private readonly ghost: Selection<SVGPathElement, unknown, null, undefined>;
  private readonly curves: Selection<SVGPathElement, unknown, null, undefined>[];
  /** "A", "B" on the curves themselves. */
  private readonly letters: Selection<SVGTextElement, unknown, null, undefined>[];
  private readonly labels: Selection<SVGTextElement, unknown, null, undefined>[];
  private readonly top: SteadyTop;
  private readonly x = scaleLinear();
  private readonly y = scaleLinear();
  private width = 0;
  private by = 1;
  private height = 0;
  private drawn = 0;
  private highest = 0;

  constructor(
    parent: HTMLElement,
    labelledBy: string,
    private readonly time: TimeAxis,
    styles: CurveStyle[],
    /** Whether the values are % of rest. */
    private readonly relative: boolean,
  ) {
    this.svg = svgIn(parent, labelledBy);
    this.top = new SteadyTop(relative ? 150 : 0);
    this.yAxis = this.svg.append("g").attr("class", "axis y");
    this.xAxis = this.svg.append("g").attr("class", "axis x");
    this.axisWords = this.svg.append("text").attr("class", "axis-words").attr("text-anchor", "end").text(time.words);
    this.ghost = this.svg.append("path").attr("class", "ghost");
    this.curves = styles.map((style) =>
      this.svg.append("path").attr("class", "curve small").style("stroke", style.colour).attr("stroke-dasharray", style.dash ?? null),
    );
    this.letters = styles.map((style) =>
      this.svg.append("text").attr("class", "curve-letter").attr("text-anchor", "middle").style("fill", style.textColour).text(style.name),
    );
    this.labels = styles.map((style) =>
      this.svg.append("text").attr("class", relative ? "curve-label pair" : "pair").style("fill", style.textColour),
    );
  }

  resize(width: number, height: number, by = 1): void {
    if (width === this.width && height === this.height && by === this.by) return;
    this.by = by;
    this.width = width;
    this.height = height;
    this.drawn = 0;
    const axes = width >= ROOM_FOR_AXES;
    size(this.svg, width, height, by);
    this.x.domain([-this.time.lead, this.time.span]).range([axes ? LEFT : 1, width - 6]);
    // Room for the numbers: one line where they stand side by side, two where they do not.
    const beside = axes && width >= SIDE_BY_SIDE;
    this.y.range([height - (axes ? 42 : 4), beside || this.labels.length < 2 ? 30 : 48]);
    put(this.xAxis, { visibility: axes ? null : "hidden", transform: `translate(0,${height - 42})` });
    put(this.yAxis, { visibility: axes ? null : "hidden" });
    put(this.axisWords, { visibility: axes ? null : "hidden", x: width - 6, y: height - 5 });
    if (axes) timeAxis(this.xAxis, this.x, this.time, width < 300 ? 3 : 5);
    this.labels.forEach((label, k) => put(label, { x: !axes ? 1 : beside ? LEFT + (k * (width - LEFT)) / 2 : LEFT, y: beside ? 18 : 17 + 19 * k }));
  }

  /** Whether its axis would shrink now that nothing is being moved. */
  get isLoose(): boolean {
    return this.width > 0 && this.top.isLoose(this.highest);
  }

  update(runs: readonly Series[], words: readonly string[], still: boolean): void {
    if (!this.width) return;
    this.highest = Math.max(extent(runs.map(({ values }) => values))[1], this.relative ? 100 : 1e-9);
    const top = this.top.fit(this.highest, still);
    const [left, right] = this.x.range();
    if (top !== this.drawn) {
      this.drawn = top;
      this.y.domain([0, top]);
      levelAxis(this.yAxis, this.x, this.y, 3);
      put(this.ghost, { d: this.relative ? `M${left},${this.y(100)}H${right}` : null });
    }
    const rest = this.relative ? 100 : 0;
    this.curves.forEach((curve, k) => {
      put(curve, { d: runPath(this.x, this.y, { times: runs[k].times, lead: this.time.lead }, runs[k].values, rest) });
      write(this.labels[k], words[k]);
      const [at] = placesAlong(this.x, k, runs.length, 1);
      put(this.letters[k], { x: at, y: heightAt(this.x, this.y, runs[k].times, runs[k].values, at) + 4.5 });
    });
  }
}
