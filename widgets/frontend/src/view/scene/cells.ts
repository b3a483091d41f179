/** The two cells behind everything else: the sending terminal and the receiving cell. */
import type { Stage } from "./stage";
import { add, label } from "./svg";

/** Draws both cells and names the sending one; the receiving one is named with its receptors. */
export function addCells({ svg, layout }: Stage): void {
  const cells = add(svg, "g", { class: "scene-cells" });
  const { terminal, receiver } = layout;
  add(cells, "path", { d: `${terminal.outline}Z`, fill: "var(--ls-terminal)" });
  add(cells, "path", line(terminal.outline, "var(--ls-terminal-edge)"));
  add(cells, "path", { d: receiver.body, fill: "var(--ls-receiver)" });
  add(cells, "path", line(receiver.outline, "var(--ls-receiver-edge)"));
  label(cells, layout.sender, "sending neuron", { size: layout.text, className: "scene-label" });
}

function line(d: string, stroke: string) {
  return { d, fill: "none", stroke, "stroke-width": 1.75, "stroke-linejoin": "round", "stroke-linecap": "round" };
}
