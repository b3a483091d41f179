/** The transporters in the terminal's membrane: plugged ones, open ones, and the flow through each open one. */
import { addArrow, type Arrow } from "./arrows";
import type { Layout } from "./layout";
import { addPlug } from "./plug";
import { arrowWidth, fluxWidth, PUMPS, type Reading, shares } from "./quantities";
import { add, label, write } from "./svg";
import { fluxWords, percent, type Labels } from "./words";

export function addPumps(parent: Element, layout: Layout, labels: Labels): (reading: Reading) => void {
  const { xs, barWidth, channel, length } = layout.pumps;
  const group = add(parent, "g", { class: "scene-pumps" });
  const flows: (Arrow | null)[] = [];
  const plugs = xs.map((x) => {
    const y = layout.membrane(x);
    flows.push(
      addArrow(
        group,
        "reuptake",
        { from: { x, y: y + length / 2 + 11 }, to: { x, y: y - length / 2 - 20 } },
        "var(--scene-hue)",
        false,
      ),
    );
    const pump = add(group, "g", { class: "scene-pump" });
    for (const side of [-1, 1]) {
      add(pump, "rect", {
        x: x + (side < 0 ? -channel / 2 - barWidth : channel / 2),
        y: y - length / 2,
        width: barWidth,
        height: length,
        rx: barWidth / 2,
        fill: "var(--ls-card)",
        stroke: "var(--ls-ink)",
        "stroke-width": 1.5,
      });
    }
    return addPlug(pump, { x, y: y + length / 2 }, channel / 2 + barWidth * 0.75);
  });
  const caption = label(group, layout.pumps.label, "", { size: layout.text, anchor: "middle", className: "scene-label" });

  return (reading) => {
    const blocked = reading.reuptakeBlocked ?? 0;
    const parts = shares(blocked, PUMPS);
    const flux = reading.fluxes.reuptake;
    const open = PUMPS * (1 - blocked);
    const total = fluxWidth(flux, reading.reference) > 0 ? (flux?.rate ?? 0) : 0;
    parts.forEach((part, i) => {
      plugs[i].draw(part);
      // Each pump's arrow carries that pump's share, on the scale of all arrows: fewer pumps work harder.
      const rate = part < 1 && open > 0 ? (total * (1 - part)) / open : 0;
      const words = part === 1 ? labels.plugged : flux ? fluxWords(labels.reuptake, flux) : labels.reuptake;
      flows[i]?.draw(arrowWidth(rate, reading.reference), words);
    });
    write(caption, blocked > 0 ? `${labels.transporter}, ${percent(blocked)} blocked` : `reuptake by ${labels.transporter}`);
  };
}
