/**
 * Where everything stands, for a drawing of a given width.
 *
 * The drawing is laid out anew at each width instead of being scaled, so a label keeps its size in CSS px on a phone.
 * The files named layout-*.ts each place some of the parts; this one puts them together.
 */
import { type Cells, cellsFor } from "./layout-cells";
import { type Box, type Frame, frameFor, growth } from "./layout-frame";
import { type Losses, lossesFor, reservedBoxes } from "./layout-gap";
import { type Inside, insideFor } from "./layout-inside";
import { type OnMembranes, onMembranesFor } from "./layout-membranes";
import type { Reading } from "./quantities";
import type { Point } from "./svg";

type Outlines = Pick<Cells, "terminal" | "membrane" | "surface" | "receiver" | "receiverLines" | "gap">;

export interface Layout extends Frame, Outlines, Inside, OnMembranes, Losses {
  height: number;
  legend: Point;
  legendLines: 1 | 2 | 3 | 4;
  /** The rectangles in the gap that labels and pumps need for themselves: no dots there. */
  reserved(reading: Reading): Box[];
  dotRadius: number;
}

/** Lays the synapse out for a container's width in CSS px. */
export function layoutFor(containerWidth: number, spaced = false): Layout {
  const frame = frameFor(containerWidth, spaced);
  const cells = cellsFor(frame);
  const onMembranes = onMembranesFor(frame, cells);
  const losses = lossesFor(frame, cells);
  const { terminal, membrane, surface, receiver, receiverLines, gap } = cells;
  return {
    ...frame,
    terminal,
    membrane,
    surface,
    receiver,
    receiverLines,
    gap,
    ...insideFor(frame, cells),
    ...onMembranes,
    ...losses,
    ...legendFor(frame, cells),
    reserved: (reading) => reservedBoxes({ frame, cells, onMembranes, losses }, reading),
    dotRadius: growth(frame)(2.7, 3.4),
  };
}

/** The legend under the receiving cell, in as many lines as the width needs, and the drawing's height that follows. */
function legendFor({ width, compact, lineHeight, spaced }: Frame, { terminal, receiver }: Cells) {
  const legendLines: Layout["legendLines"] = spaced ? 4 : width < 390 ? 3 : width < 650 ? 2 : 1;
  const legend = { x: compact ? 6 : terminal.left, y: receiver.bottom + lineHeight + 6 };
  return { height: Math.ceil(legend.y + (legendLines - 1) * lineHeight + 6), legend, legendLines };
}
