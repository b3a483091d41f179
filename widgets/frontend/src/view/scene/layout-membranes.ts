/** What sits on the membranes: the pumps, the release site, the autoreceptors with their brake, and the receptors. */
import type { Cells } from "./layout-cells";
import { type Frame, growth, range } from "./layout-frame";
import type { Point } from "./svg";

export interface OnMembranes {
  pumps: { xs: number[]; barWidth: number; channel: number; length: number; label: Point };
  release: { x: number; radius: number; arrow: number; label: Point };
  autoreceptors: { xs: number[]; radius: number; label: Point };
  brake: { from: Point; corner: Point; to: Point; label: Point };
  receptors: { xs: number[]; radius: number };
}

/** Everything on the two membranes. */
export function onMembranesFor(frame: Frame, cells: Cells): OnMembranes {
  const pumps = pumpsOn(frame, cells);
  const release = releaseOn(frame, cells, pumps);
  const autoreceptors = autoreceptorsOn(frame, cells);
  return {
    pumps,
    release,
    autoreceptors,
    brake: brakeBetween(autoreceptors, release, frame, cells),
    receptors: receptorsOn(frame, cells),
  };
}

/** The pumps, in the left part of the terminal's membrane. */
function pumpsOn(frame: Frame, { terminal, corner, membrane }: Cells): OnMembranes["pumps"] {
  const between = growth(frame);
  const spacing = between(22, 31);
  const start = terminal.left + corner + (frame.compact ? 0 : 2);
  const xs = range(5, (i) => start + i * spacing);
  const length = between(30, 36);
  return {
    xs,
    barWidth: between(4.5, 6.5),
    channel: between(5, 7),
    length,
    label: { x: xs[2], y: membrane(xs[2]) + length / 2 + 30 },
  };
}

/** Where the fusing vesicle opens: right of the pumps. */
function releaseOn(frame: Frame, { membrane }: Cells, pumps: OnMembranes["pumps"]): OnMembranes["release"] {
  const between = growth(frame);
  const x = frame.compact ? pumps.xs[4] + between(44, 58) : between(172, 308);
  const arrow = 26;
  return { x, radius: between(16, 19), arrow, label: { x, y: membrane(x) + arrow + (frame.spaced ? 34 : 18) } };
}

/** The autoreceptors, in the right part of the terminal's membrane. */
function autoreceptorsOn(frame: Frame, { terminal, corner, membrane }: Cells): OnMembranes["autoreceptors"] {
  const { width, compact } = frame;
  const between = growth(frame);
  const spacing = between(21, 26);
  const radius = between(7, 8.2);
  const start = terminal.right - corner - between(2, 6) - 3 * spacing;
  const xs = range(4, (i) => start + i * spacing);
  return {
    xs,
    radius,
    label: { x: compact ? width - 2 : Math.min(width - 6, xs[3] + 40), y: membrane(xs[1]) + radius + 24 },
  };
}

/** The line from the autoreceptors up and over to the fusing vesicle. */
function brakeBetween(
  { xs, radius }: OnMembranes["autoreceptors"],
  release: OnMembranes["release"],
  frame: Frame,
  { membrane }: Cells,
): OnMembranes["brake"] {
  const between = growth(frame);
  const centre = (xs[0] + xs[3]) / 2;
  const releaseY = membrane(release.x);
  const y = releaseY - 2 * release.radius - between(19, 22);
  return {
    from: { x: centre, y: membrane(centre) - radius - 8 },
    corner: { x: centre, y },
    to: { x: release.x, y: releaseY - 2 * release.radius - 7 },
    label: { x: (release.x + centre) / 2, y: y - 8 },
  };
}

/** The receptors, spread over the receiving cell's surface. */
function receptorsOn(frame: Frame, { terminal: { left, right } }: Cells): OnMembranes["receptors"] {
  const between = growth(frame);
  const inset = between(34, 60);
  return {
    xs: range(6, (i) => left + inset + (i * (right - left - 2 * inset)) / 5),
    radius: between(7.5, 9),
  };
}
