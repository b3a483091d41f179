/** The autoreceptors' brake on release: a line with a flat end that thickens as release is held back. */
import type { Layout } from "./layout";
import { clamp, type Reading } from "./quantities";
import { add, label, number, set, show, write } from "./svg";
import type { Labels } from "./words";

const AT_REST = 1.5;
const FULL = 6.5;

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
    const held = clamp(1 - brake, -1, 1);
    const width = off ? 1.5 : held >= 0 ? AT_REST + (FULL - AT_REST) * held : Math.max(0.75, AT_REST * (1 + held));
    set(line, "stroke-width", width);
    set(line, "stroke-dasharray", off ? "2 5" : "none");
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
