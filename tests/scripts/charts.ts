/** The lab's charts on an empty page, and where their texts and curves lie: for test_charts.py and test_claims.py. */
import { TimeChart } from "../../widgets/frontend/src/view/charts/time-chart";
import { PeopleChart } from "../../widgets/frontend/src/view/charts/people";
import { summary } from "../../widgets/frontend/src/model/population";

interface Placed {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The class that styles it. */
  kind: string | null;
}

/** The texts in sight. Letters stand in the middle of their line: what is above and below them may touch. */
function texts(): Placed[] {
  const shown = (text: Element) => text.checkVisibility({ checkVisibilityCSS: true } as CheckVisibilityOptions) && text.textContent?.trim();
  return [...document.querySelectorAll("text")].filter(shown).map((text) => {
    const { left, right, top, bottom, height } = text.getBoundingClientRect();
    const kind = text.getAttribute("class") ?? (text.parentNode as Element).getAttribute("class");
    return { text: text.textContent ?? "", left, right, top: top + 0.2 * height, bottom: bottom - 0.18 * height, kind };
  });
}

function box(parent: Element): HTMLElement {
  const made = Object.assign(document.createElement("div"), { id: "box" });
  parent.replaceChildren(made);
  return made;
}

/** The main chart with a curve from `first` to `last` (% of baseline) and perhaps a guess. */
export function drawTime([[first, last], guess, width, height, label]: [
  [number, number],
  number | null,
  number,
  number,
  string,
]): { texts: Placed[]; points: [number, number][]; ghost: number } {
  const count = 181;
  const times = Float64Array.from({ length: count }, (_, i) => 24 * (i / (count - 1)) ** 2);
  const chart = new TimeChart(
    box(document.body),
    "x",
    { times, lead: 2, span: 24, factor: 1, unit: "hour", words: "hours after the change" },
    [{ colour: "black", textColour: "black", name: "" }],
    true,
  );
  chart.resize(width, height);
  const values = Float64Array.from(times, (time) => last + (first - last) * Math.exp(-time / 2));
  chart.update([{ values, label }], "change begins", guess, true);
  const curve = document.querySelector<SVGPathElement>("path.curve")!;
  const onScreen = curve.getScreenCTM()!;
  const points: [number, number][] = [];
  for (let at = 0, all = curve.getTotalLength(); at <= all; at += 1) {
    const { x, y } = curve.getPointAtLength(at).matrixTransform(onScreen);
    points.push([x, y]);
  }
  const ghost = document.querySelector(".ghost")!.getBoundingClientRect();
  return { texts: texts(), points, ghost: ghost.top + ghost.height / 2 };
}

/** The chart of many people, whose folds are given. */
export function drawPeople([folds, width]: [number[], number]): Placed[] {
  const chart = new PeopleChart(box(document.querySelector("main")!), "x", "y", { colour: "black", textColour: "black", name: "" });
  chart.resize(width);
  chart.update(summary(Float64Array.from(folds))!);
  return texts();
}
