/** The autoreceptors' brakes: flat-ended lines, on release and on synthesis, that thicken as they hold back. */
import type { Layout } from "./layout";
import { clamp, type Reading } from "./quantities";
import { add, label, number, set, show, write } from "./svg";
import type { Labels } from "./words";

const AT_REST = 1.5;
const FULL = 6.5;
const DASHED = "2 5";

/** A brake's line and its flat end, as thick as it brakes; dotted and without the end where it is off. */
function paint(group: Element, line: Element, end: Element, brake: number, off: boolean, thinnestEnd: number): void {
  const width = thickness(brake, off);
  set(line, "stroke-width", width);
  set(line, "stroke-dasharray", off ? DASHED : "none");
  set(end, "stroke-width", Math.max(thinnestEnd, width));
  show(end, !off);
  set(group, "data-width", width);
}

/** Width of a brake that leaves `brake` of the resting rate (1 at rest): thicker as it holds back more. */
function thickness(brake: number, off: boolean): number {
  if (off) return AT_REST;
  const held = clamp(1 - brake, -1, 1);
  return held >= 0 ? AT_REST + (FULL - AT_REST) * held : Math.max(0.75, AT_REST * (1 + held));
}

/** The brake's state in a few words; `brake` is relative to rest. */
function stateWords(brake: number, off: boolean, labels: Labels): string {
  const change = Math.round(100 * (brake - 1));
  if (off) return `${labels.brake} off`;
  if (change === 0) return `${labels.brake} at rest`;
  return change < 0 ? `braked by ${-change}\u00a0%` : `${labels.brake} eased`;
}

/** The flat end beside the synthesis arrow, its caption, and (`led`) the line that leads there from the autoreceptors. */
export function addSynthesisBrake(
  parent: Element,
  layout: Layout,
  labels: Labels,
  led: boolean,
): (reading: Reading) => void {
  const { x, y } = layout.synthesis.brake;
  const { from, corner } = layout.brake;
  const column = layout.brakeColumn;
  const group = add(parent, "g", { class: "scene-synthesis-brake", "data-led": led ? "yes" : "no" });
  const title = add(group, "title");
  const n = number;
  const line = add(group, "path", {
    d: led
      ? `M${n(from.x)},${n(from.y)}V${n(corner.y + 8)}Q${n(from.x)},${n(corner.y)} ${n(from.x - 8)},${n(corner.y)}` +
        `H${n(column + 8)}Q${n(column)},${n(corner.y)} ${n(column)},${n(corner.y - 8)}` +
        `V${n(y + 5)}Q${n(column)},${n(y)} ${n(column - 5)},${n(y)}H${n(x)}`
      : `M${n(x)},${n(y)}h14`,
    fill: "none",
    stroke: "var(--ls-brake)",
  });
  const end = add(group, "path", { d: `M${n(x)},${n(y - 7)}v14`, stroke: "var(--ls-brake)", "stroke-linecap": "round" });
  const caption = label(group, layout.synthesis.caption, "", { size: layout.text, className: "scene-label" });
  return (reading) => {
    const brake = reading.synthesisBrake ?? 1;
    const off = reading.autoreceptorGain <= 0;
    paint(group, line, end, brake, off, 1.75);
    const words = stateWords(brake, off, labels);
    write(caption, words);
    write(title, `${labels.synthesis}: ${words}`);
  };
}

/** The line from the autoreceptors to the release site. */
export function addBrake(parent: Element, layout: Layout, labels: Labels): (reading: Reading) => void {
  const { from, corner, to } = layout.brake;
  const group = add(parent, "g", { class: "scene-brake" });
  const title = add(group, "title");
  const bend = 8;
  const line = add(group, "path", {
    d:
      `M${number(from.x)},${number(from.y)}V${number(corner.y + bend)}` +
      `Q${number(corner.x)},${number(corner.y)} ${number(corner.x - bend)},${number(corner.y)}` +
      `H${number(to.x + bend)}Q${number(to.x)},${number(corner.y)} ${number(to.x)},${number(corner.y + bend)}` +
      `V${number(to.y)}`,
    fill: "none",
    stroke: "var(--ls-brake)",
  });
  const end = add(group, "path", {
    d: `M${number(to.x - 10)},${number(to.y)}h20`,
    stroke: "var(--ls-brake)",
    "stroke-linecap": "round",
  });
  const caption = label(group, layout.brake.label, "", { size: layout.text, anchor: "middle", className: "scene-label" });
  return (reading) => {
    const brake = reading.releaseBrake ?? 1;
    const off = reading.autoreceptorGain <= 0;
    paint(group, line, end, brake, off, 2);
    set(group, "data-off", off ? "yes" : "no");
    const words = stateWords(brake, off, labels);
    write(caption, words);
    write(title, `${labels.release}: ${words}`);
  };
}
