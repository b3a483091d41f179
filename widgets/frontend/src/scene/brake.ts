/** The autoreceptors' brakes: flat-ended lines, on release and on synthesis, that thicken as they hold back. */
import type { Layout } from "./layout";
import { clamp, type Reading } from "./quantities";
import { add, label, number, set, show, write } from "./svg";
import type { Labels } from "./words";

const AT_REST = 1.5;
const FULL = 6.5;
const DASHED = "2 5";

/** Width of a brake that leaves `brake` of the resting rate (1 at rest): thicker as it holds back more. */
function thickness(brake: number, off: boolean): number {
  if (off) return AT_REST;
  const held = clamp(1 - brake, -1, 1);
  return held >= 0 ? AT_REST + (FULL - AT_REST) * held : Math.max(0.75, AT_REST * (1 + held));
}

/** The stub beside the synthesis arrow; in a wide drawing with the number in words. */
export function addSynthesisBrake(parent: Element, layout: Layout, labels: Labels): (reading: Reading) => void {
  const { x, y } = layout.synthesis.brake;
  const group = add(parent, "g", { class: "scene-synthesis-brake" });
  const title = add(group, "title");
  const line = add(group, "path", { d: `M${x},${y}h14`, fill: "none", stroke: "var(--ls-brake)" });
  const end = add(group, "path", { d: `M${x},${y - 7}v14`, stroke: "var(--ls-brake)", "stroke-linecap": "round" });
  const caption = layout.compact
    ? null
    : label(group, { x: x + 20, y: y + layout.text * 0.35 }, "", { size: layout.text, className: "scene-label" });
  return (reading) => {
    const brake = reading.synthesisBrake ?? 1;
    const off = reading.autoreceptorGain <= 0;
    const width = thickness(brake, off);
    set(line, "stroke-width", width);
    set(line, "stroke-dasharray", off ? DASHED : "none");
    set(end, "stroke-width", Math.max(1.75, width));
    show(end, !off);
    set(group, "data-width", width);
    const change = Math.round(100 * (brake - 1));
    const words = off ? "" : change < 0 ? `braked by ${-change}\u00a0%` : change > 0 ? "eased" : "";
    if (caption) write(caption, words);
    write(title, `${labels.synthesis}: ${off ? `${labels.brake} off` : words || `${labels.brake} at rest`}`);
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
  let absent = false;
  return (reading) => {
    const brake = reading.releaseBrake ?? 1;
    const off = reading.autoreceptorGain <= 0;
    const width = thickness(brake, off);
    // A brake that never answers is no brake: draw none from then on.
    absent ||= reading.releaseUnbraked;
    show(group, !absent);
    set(line, "stroke-width", width);
    set(line, "stroke-dasharray", off ? DASHED : "none");
    set(end, "stroke-width", Math.max(2, width));
    show(end, !off);
    set(group, "data-width", width);
    set(group, "data-off", off ? "yes" : "no");
    const change = Math.round(100 * (brake - 1));
    const words = off
      ? `${labels.brake} off`
      : change < 0
        ? `${layout.compact ? "braked" : `${labels.brake} slows release`} by ${-change}\u00a0%`
        : change > 0
          ? `${labels.brake} eased`
          : `${labels.brake} at rest`;
    write(caption, words);
    write(title, words);
  };
}
