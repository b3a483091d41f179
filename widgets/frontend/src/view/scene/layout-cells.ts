/** The two cells: the sending terminal's outline and lower membrane, the receiving cell's surface, the gap between. */
import { type Box, type Frame, growth, range } from "./layout-frame";
import { number, type Point } from "./svg";

/** From the corners of the terminal's membrane to those of the receiving cell's surface, px. */
const GAP = 124;

export interface Terminal {
  outline: string;
  left: number;
  right: number;
  neckLeft: number;
  neckRight: number;
}

export interface Receiver {
  outline: string;
  body: string;
  left: number;
  right: number;
  bottom: number;
}

export interface Cells {
  terminal: Terminal;
  /** Height of the terminal's lower membrane and of the receiving cell's surface at x. */
  membrane(x: number): number;
  surface(x: number): number;
  receiver: Receiver;
  receiverLines: Point[];
  /** The box around the gap. */
  gap: Box;
  neckCentre: number;
  /** Width and height of the terminal's rounded corners, and how high its membrane begins beside them. */
  corner: number;
  edge: number;
  /** How high the receiving cell's surface begins at its sides. */
  surfaceEdge: number;
}

/** What the outline of the terminal is drawn from. */
interface Shape extends Pick<Cells, "neckCentre" | "corner" | "edge">, Omit<Terminal, "outline"> {
  /** How far the lower membrane sags below its edge, and where the shoulders turn into the sides. */
  sag: number;
  shoulder: number;
  /** The ends of the lower membrane. */
  bottomLeft: number;
  bottomRight: number;
}

/** The cells of a drawing. */
export function cellsFor(frame: Frame): Cells {
  const shape = shapeOf(frame);
  const { neckCentre, corner, edge, left, right, neckLeft, neckRight } = shape;
  const surfaceEdge = edge + GAP;
  const arch = frame.compact ? 8 : 12;
  const lineCount = frame.compact ? 2 : 1;
  const bottom = surfaceEdge + 22 + lineCount * frame.lineHeight + 10;
  const outline = receiverOutline(frame, shape, surfaceEdge, arch, bottom);
  return {
    terminal: { outline: terminalOutline(shape), left, right, neckLeft, neckRight },
    membrane: membraneOf(shape),
    surface: (x) => surfaceEdge - arc(Math.min(right, Math.max(left, x)), left, right, arch),
    receiver: { outline, body: `${outline}Z`, left, right, bottom },
    receiverLines: range(lineCount, (i) => surfaceEdge + 22 + (i + 0.75) * frame.lineHeight).map((y) => ({
      x: frame.width / 2,
      y,
    })),
    gap: { left: left + 6, right: right - 6, top: edge + 10, bottom: surfaceEdge },
    neckCentre,
    corner,
    edge,
    surfaceEdge,
  };
}

/** The terminal's measures. */
function shapeOf(frame: Frame): Shape {
  const { width, compact } = frame;
  const between = growth(frame);
  const left = compact ? 8 : between(10, 26);
  const right = width - (compact ? 8 : between(10, 26));
  const neckCentre = 0.45 * width;
  const neckHalf = between(42, 54);
  const corner = compact ? 30 : 46;
  return {
    left,
    right,
    neckCentre,
    neckLeft: neckCentre - neckHalf,
    neckRight: neckCentre + neckHalf,
    edge: compact ? 304 : 322,
    sag: compact ? 10 : 14,
    corner,
    shoulder: compact ? 150 : 165,
    bottomLeft: left + corner,
    bottomRight: right - corner,
  };
}

/** The terminal from the left of its neck, round its body, to the right of its neck, as path data. */
function terminalOutline(shape: Shape): string {
  const { left, right, neckLeft, neckRight, edge, sag, corner, shoulder, bottomLeft, bottomRight } = shape;
  const n = number;
  return (
    `M${n(neckLeft)},0V22C${n(neckLeft)},72 ${n(left)},66 ${n(left)},${shoulder}` +
    `V${n(edge - corner)}Q${n(left)},${n(edge - 3)} ${n(bottomLeft)},${n(edge)}` +
    `Q${n((bottomLeft + bottomRight) / 2)},${n(edge + 2 * sag)} ${n(bottomRight)},${n(edge)}` +
    `Q${n(right)},${n(edge - 3)} ${n(right)},${n(edge - corner)}` +
    `V${shoulder}C${n(right)},66 ${n(neckRight)},72 ${n(neckRight)},22V0`
  );
}

/** The receiving cell's sides and its arched surface, as path data. */
function receiverOutline({ width }: Frame, { left, right }: Shape, surfaceEdge: number, arch: number, bottom: number): string {
  const n = number;
  return (
    `M${n(left)},${n(bottom)}V${n(surfaceEdge)}` +
    `Q${n(width / 2)},${n(surfaceEdge - 2 * arch)} ${n(right)},${n(surfaceEdge)}V${n(bottom)}`
  );
}

/**
 * How far a membrane is from its edge at x. Both are parabolas (quadratic Beziers between points level with each
 * other), so pumps, receptors and dots can be set on them exactly.
 */
function arc(x: number, from: number, to: number, height: number): number {
  const t = (x - from) / (to - from);
  return 4 * height * t * (1 - t);
}

/** Height of the terminal's lower membrane at x. */
function membraneOf({ edge, sag, corner, bottomLeft, bottomRight }: Shape): (x: number) => number {
  return (x) => {
    const inside = Math.min(bottomRight, Math.max(bottomLeft, x));
    const drop = edge + arc(inside, bottomLeft, bottomRight, sag);
    // Under the rounded corners the wall rises; a quarter of an ellipse is close enough for dots to keep clear.
    const beyond = Math.min(1, Math.abs(x - inside) / corner);
    return drop - corner * (1 - Math.sqrt(1 - beyond * beyond));
  };
}
