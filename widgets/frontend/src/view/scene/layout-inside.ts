/** What stands inside the terminal: the mitochondrion with its enzymes, the free transmitter, the vesicles. */
import type { Cells } from "./layout-cells";
import { type Box, type Frame, growth } from "./layout-frame";
import type { Point } from "./svg";

export interface Inside {
  sender: Point;
  precursor: Point;
  synthesis: { from: Point; to: Point; label: Point; brake: Point; caption: Point };
  /** Where a line from the autoreceptors climbs to the synthesis arrow, in models that brake only synthesis. */
  brakeColumn: number;
  cytosol: Box;
  mitochondrion: Box;
  /** Centres of the two enzymes on the mitochondrion's right side. */
  enzymes: { a: Point; b: Point; radius: number };
  product: { from: Point; to: Point; label: Point };
  vesicles: { centres: Point[]; radius: number; dotRadius: number };
  packaging: { from: Point; to: Point; label: Point | null };
  leak: { from: Point; to: Point; label: Point | null };
}

/** Everything inside the terminal. */
export function insideFor(frame: Frame, cells: Cells): Inside {
  const between = growth(frame);
  const mitochondrion = mitochondrionIn(frame, cells);
  const enzymes = enzymesOn(mitochondrion, between(11, 13));
  // Synthesis arrives above the free transmitter, breakdown and packaging leave from it.
  const hub = between(151, 246);
  const cytosol: Box = {
    left: hub - between(10, 22),
    right: hub + between(10, 22),
    top: enzymes.a.y + 2,
    bottom: enzymes.b.y + 6,
  };
  const brakeColumn = cytosol.right + 5;
  const vesicles = vesiclesIn(frame, cells);
  return {
    sender: { x: cells.terminal.neckRight + between(10, 16), y: 16 },
    precursor: { x: cells.neckCentre, y: 16 },
    synthesis: synthesisTo({ x: hub, y: cytosol.top - 12 }, frame, cells),
    brakeColumn,
    cytosol,
    mitochondrion,
    enzymes,
    product: productOf(mitochondrion),
    vesicles,
    ...exchangeBetween(brakeColumn, vesicles, enzymes, frame),
  };
}

function mitochondrionIn(frame: Frame, { terminal: { left } }: Cells): Box {
  const between = growth(frame);
  return frame.compact
    ? { left: left + 12, right: left + 12 + between(30, 40), top: 108, bottom: 238 }
    : { left: left + between(12, 26), right: left + between(42, 66), top: 120, bottom: 254 };
}

function enzymesOn({ right, top, bottom }: Box, radius: number): Inside["enzymes"] {
  return { a: { x: right, y: top + 30 }, b: { x: right, y: bottom - 30 }, radius };
}

/** The breakdown product's way out, above the mitochondrion. */
function productOf({ left, right, top }: Box): Inside["product"] {
  const x = (left + right) / 2;
  return { from: { x, y: top - 5 }, to: { x, y: 50 }, label: { x, y: 40 } };
}

/** The way from the neck to the free transmitter, its words, and the brake beside it. */
function synthesisTo(to: Point, { compact }: Frame, { neckCentre }: Cells): Inside["synthesis"] {
  const beside = Math.max(to.x, neckCentre);
  return {
    from: { x: neckCentre, y: 25 },
    to,
    label: { x: beside + 14, y: compact ? 82 : 84 },
    caption: { x: beside + 14, y: compact ? 97 : 101 },
    brake: { x: beside + 8, y: compact ? 109 : 119 },
  };
}

/** Six vesicles at the terminal's right side: in two columns on a phone, in three otherwise. */
function vesiclesIn(frame: Frame, { terminal: { right } }: Cells): Inside["vesicles"] {
  const between = growth(frame);
  const centres = frame.compact
    ? [
        { x: right - 78, y: 128 },
        { x: right - 33, y: 137 },
        { x: right - 82, y: 172 },
        { x: right - 36, y: 182 },
        { x: right - 76, y: 215 },
        { x: right - 31, y: 227 },
      ]
    : [
        { x: right - between(118, 152), y: 146 },
        { x: right - between(76, 96), y: 132 },
        { x: right - between(33, 40), y: 158 },
        { x: right - between(114, 150), y: 204 },
        { x: right - between(70, 92), y: 192 },
        { x: right - between(30, 36), y: 216 },
      ];
  return { centres, radius: between(18, 23), dotRadius: between(2, 2.5) };
}

/** Packaging and leak, one above the other; their words only where there is room between the dots and the vesicles. */
function exchangeBetween(
  brakeColumn: number,
  { centres, radius }: Inside["vesicles"],
  { a, b }: Inside["enzymes"],
  { compact }: Frame,
): Pick<Inside, "packaging" | "leak"> {
  const clusterLeft = Math.min(...centres.map((c) => c.x)) - radius;
  const near = brakeColumn + 4;
  const far = clusterLeft - 5;
  const y = (a.y + b.y) / 2 - (compact ? 10 : 8);
  const room = far - near > 58;
  return {
    packaging: {
      from: { x: near, y },
      to: { x: far, y },
      label: room ? { x: (near + far) / 2 - 2, y: y - 14 } : null,
    },
    leak: {
      from: { x: far, y: y + 20 },
      to: { x: near, y: y + 20 },
      label: room ? { x: (near + far) / 2, y: y + 41 } : null,
    },
  };
}
