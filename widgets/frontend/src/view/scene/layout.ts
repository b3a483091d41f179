/**
 * Where everything stands, for a drawing of a given width.
 *
 * The drawing is laid out anew at each width instead of being scaled, so a label keeps its size in CSS px on a phone.
 * Below COMPACT px the vesicles stand in two columns and the longest labels are left to the tooltips.
 */
import type { Reading } from "./quantities";
import { type Anchor, number, type Point } from "./svg";

const COMPACT = 430;
/** Narrower containers scale the drawing down (280 px wide keeps 12 px text above 11 px at 260 px). */
export const NARROWEST = 280;
export const WIDEST = 660;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Layout {
  width: number;
  height: number;
  compact: boolean;
  /** Text size and the distance between lines of text, px. */
  text: number;
  lineHeight: number;
  terminal: { outline: string; left: number; right: number; neckLeft: number; neckRight: number };
  /** Height of the terminal's lower membrane and of the receiving cell's surface at x. */
  membrane(x: number): number;
  surface(x: number): number;
  receiver: { outline: string; body: string; left: number; right: number; bottom: number };
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
  pumps: { xs: number[]; barWidth: number; channel: number; length: number; label: Point };
  release: { x: number; radius: number; arrow: number; label: Point };
  autoreceptors: { xs: number[]; radius: number; label: Point };
  brake: { from: Point; corner: Point; to: Point; label: Point };
  diffusion: { from: Point; to: Point; label: Point };
  otherUptake: { from: Point; to: Point; label: Point };
  receptors: { xs: number[]; radius: number };
  receiverLines: Point[];
  legend: Point;
  legendLines: 1 | 2 | 3;
  /** The box around the gap, and the rectangles in it that labels and pumps need for themselves: no dots there. */
  gap: Box;
  reserved(reading: Reading): Box[];
  dotRadius: number;
}

const range = (count: number, at: (index: number) => number): number[] => Array.from({ length: count }, (_, i) => at(i));

/** Lays the synapse out for a width in CSS px (clamped to NARROWEST..WIDEST). */
export function layoutFor(containerWidth: number): Layout {
  const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, containerWidth)));
  const compact = width < COMPACT;
  const text = width < 500 ? 12 : 13;
  const lineHeight = text + 4;
  /** Interpolates between the phone drawing (300 px) and the desktop drawing (560 px). */
  const between = (phone: number, desktop: number) => phone + ((desktop - phone) * (width - 300)) / 260;

  const left = compact ? 8 : between(10, 26);
  const right = width - (compact ? 8 : between(10, 26));
  const neckCentre = 0.45 * width;
  const neckHalf = between(42, 54);
  const neckLeft = neckCentre - neckHalf;
  const neckRight = neckCentre + neckHalf;
  const edge = compact ? 304 : 322;
  const sag = compact ? 10 : 14;
  const corner = compact ? 30 : 46;
  const shoulder = compact ? 150 : 165;

  // The lower membrane is a parabola (a quadratic Bezier between points level with each other), so pumps,
  // receptors and dots can be set on it exactly.
  const arc = (x: number, from: number, to: number, height: number) => {
    const t = (x - from) / (to - from);
    return 4 * height * t * (1 - t);
  };
  const bottomLeft = left + corner;
  const bottomRight = right - corner;
  const membrane = (x: number) => {
    const inside = Math.min(bottomRight, Math.max(bottomLeft, x));
    const drop = edge + arc(inside, bottomLeft, bottomRight, sag);
    // Under the rounded corners the wall rises; a quarter of an ellipse is close enough for dots to keep clear.
    const beyond = Math.min(1, Math.abs(x - inside) / corner);
    return drop - corner * (1 - Math.sqrt(1 - beyond * beyond));
  };
  const n = number;
  const outline =
    `M${n(neckLeft)},0V22C${n(neckLeft)},72 ${n(left)},66 ${n(left)},${shoulder}` +
    `V${n(edge - corner)}Q${n(left)},${n(edge - 3)} ${n(bottomLeft)},${n(edge)}` +
    `Q${n((bottomLeft + bottomRight) / 2)},${n(edge + 2 * sag)} ${n(bottomRight)},${n(edge)}` +
    `Q${n(right)},${n(edge - 3)} ${n(right)},${n(edge - corner)}` +
    `V${shoulder}C${n(right)},66 ${n(neckRight)},72 ${n(neckRight)},22V0`;

  const gap = 124;
  const arch = compact ? 8 : 12;
  const surfaceEdge = edge + gap;
  const surface = (x: number) => surfaceEdge - arc(Math.min(right, Math.max(left, x)), left, right, arch);
  const receiverLineCount = compact ? 2 : 1;
  const receiverBottom = surfaceEdge + 22 + receiverLineCount * lineHeight + 10;
  const top = `M${n(left)},${n(receiverBottom)}V${n(surfaceEdge)}Q${n(width / 2)},${n(surfaceEdge - 2 * arch)} ${n(right)},${n(surfaceEdge)}V${n(receiverBottom)}`;

  const mitochondrion: Box = compact
    ? { left: left + 12, right: left + 12 + between(30, 40), top: 108, bottom: 238 }
    : { left: left + between(12, 26), right: left + between(42, 66), top: 120, bottom: 254 };
  const enzymeRadius = between(11, 13);
  const enzymes = {
    a: { x: mitochondrion.right, y: mitochondrion.top + 30 },
    b: { x: mitochondrion.right, y: mitochondrion.bottom - 30 },
    radius: enzymeRadius,
  };
  const productX = (mitochondrion.left + mitochondrion.right) / 2;

  const hub = between(151, 246);
  const cytosol: Box = {
    left: hub - between(10, 22),
    right: hub + between(10, 22),
    top: enzymes.a.y + 2,
    bottom: enzymes.b.y + 6,
  };

  const radius = between(18, 23);
  const centres = compact
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
  const clusterLeft = Math.min(...centres.map((c) => c.x)) - radius;
  const packagingY = (enzymes.a.y + enzymes.b.y) / 2 - (compact ? 10 : 8);
  const brakeColumn = cytosol.right + 5;
  const packagingFrom = brakeColumn + 4;
  const packagingTo = clusterLeft - 5;
  const roomForPackaging = packagingTo - packagingFrom > 58;

  const pumpSpacing = between(22, 31);
  const pumpStart = left + corner + (compact ? 0 : 2);
  const pumpXs = range(5, (i) => pumpStart + i * pumpSpacing);
  const pumpCentre = pumpXs[2];
  const pumpLength = between(30, 36);
  const barWidth = between(4.5, 6.5);
  const channelWidth = between(5, 7);
  const pumpLabel = { x: pumpCentre, y: membrane(pumpCentre) + pumpLength / 2 + 30 };

  const releaseX = compact ? pumpXs[4] + between(44, 58) : between(172, 308);
  const releaseY = membrane(releaseX);
  const releaseArrow = 26;

  const releaseLabel = { x: releaseX, y: releaseY + releaseArrow + 18 };

  const autoSpacing = between(21, 26);
  const autoRadius = between(7, 8.2);
  const autoStart = right - corner - between(2, 6) - 3 * autoSpacing;
  const autoXs = range(4, (i) => autoStart + i * autoSpacing);
  const autoCentre = (autoXs[0] + autoXs[3]) / 2;
  const autoLabel = { x: compact ? width - 2 : Math.min(width - 6, autoXs[3] + 40), y: membrane(autoXs[1]) + autoRadius + 24 };

  const vesicleRadius = between(16, 19);
  const brakeY = releaseY - 2 * vesicleRadius - between(19, 22);
  const brake = {
    from: { x: autoCentre, y: membrane(autoCentre) - autoRadius - 8 },
    corner: { x: autoCentre, y: brakeY },
    to: { x: releaseX, y: releaseY - 2 * vesicleRadius - 7 },
    label: { x: (releaseX + autoCentre) / 2, y: brakeY - 8 },
  };

  const sideY = surfaceEdge - 30;
  const diffusion = {
    from: { x: right - 46, y: sideY },
    to: { x: compact ? width - 3 : Math.min(width - 4, right + 14), y: sideY },
    label: { x: width - 6, y: sideY - 13 },
  };
  const otherUptake = {
    from: { x: left + 46, y: sideY },
    to: { x: compact ? 3 : Math.max(4, left - 14), y: sideY },
    label: { x: 6, y: sideY - 13 },
  };
  const receptorInset = between(34, 60);
  const receptorXs = range(6, (i) => left + receptorInset + (i * (right - left - 2 * receptorInset)) / 5);
  const receptorRadius = between(7.5, 9);

  const legendLines = width < 390 ? 3 : width < 650 ? 2 : 1;
  const legend = { x: compact ? 6 : left, y: receiverBottom + lineHeight + 6 };

  return {
    width,
    height: Math.ceil(legend.y + (legendLines - 1) * lineHeight + 6),
    compact,
    text,
    lineHeight,
    terminal: { outline, left, right, neckLeft, neckRight },
    membrane,
    surface,
    receiver: { outline: top, body: `${top}Z`, left, right, bottom: receiverBottom },
    sender: { x: neckRight + between(10, 16), y: 16 },
    precursor: { x: neckCentre, y: 16 },
    synthesis: {
      from: { x: neckCentre, y: 25 },
      to: { x: hub, y: cytosol.top - 12 },
      label: { x: Math.max(hub, neckCentre) + 14, y: compact ? 82 : 84 },
      caption: { x: Math.max(hub, neckCentre) + 14, y: compact ? 97 : 101 },
      brake: { x: Math.max(hub, neckCentre) + 8, y: compact ? 109 : 119 },
    },
    brakeColumn,
    cytosol,
    mitochondrion,
    enzymes,
    product: {
      from: { x: productX, y: mitochondrion.top - 5 },
      to: { x: productX, y: 50 },
      label: { x: productX, y: 40 },
    },
    vesicles: { centres, radius, dotRadius: between(2, 2.5) },
    packaging: {
      from: { x: packagingFrom, y: packagingY },
      to: { x: packagingTo, y: packagingY },
      label: roomForPackaging ? { x: (packagingFrom + packagingTo) / 2 - 2, y: packagingY - 14 } : null,
    },
    leak: {
      from: { x: packagingTo, y: packagingY + 20 },
      to: { x: packagingFrom, y: packagingY + 20 },
      label: roomForPackaging ? { x: (packagingFrom + packagingTo) / 2, y: packagingY + 41 } : null,
    },
    pumps: { xs: pumpXs, barWidth, channel: channelWidth, length: pumpLength, label: pumpLabel },
    release: {
      x: releaseX,
      radius: vesicleRadius,
      arrow: releaseArrow,
      label: releaseLabel,
    },
    autoreceptors: { xs: autoXs, radius: autoRadius, label: autoLabel },
    brake,
    diffusion,
    otherUptake,
    receptors: { xs: receptorXs, radius: receptorRadius },
    receiverLines: range(receiverLineCount, (i) => surfaceEdge + 22 + (i + 0.75) * lineHeight).map((y) => ({
      x: width / 2,
      y,
    })),
    legend,
    legendLines,
    gap: { left: left + 6, right: right - 6, top: edge + 10, bottom: surfaceEdge },
    reserved(reading) {
      const boxes: Box[] = [];
      /** A label's rectangle, from the widest text it may hold. */
      const words = (at: Point, characters: number, anchor: Anchor) => {
        const wide = characters * text * 0.56;
        const start = anchor === "start" ? at.x : anchor === "end" ? at.x - wide : at.x - wide / 2;
        boxes.push({ left: start, right: start + wide, top: at.y - text, bottom: at.y + 3 });
      };
      if (reading.reuptakeBlocked !== undefined) {
        words(pumpLabel, 19, "middle");
        const half = channelWidth / 2 + barWidth;
        boxes.push({ left: pumpXs[0] - half, right: pumpXs[4] + half, top: edge - 20, bottom: pumpLabel.y });
      }
      if (reading.autoreceptorOccupancy !== undefined) {
        words(autoLabel, reading.autoreceptorSignal && width >= 380 ? 24 : 19, "end");
        boxes.push({
          left: autoXs[0] - autoRadius,
          right: autoXs[3] + autoRadius,
          top: edge - 20,
          bottom: autoLabel.y,
        });
      }
      if (reading.fluxes.release) {
        words(releaseLabel, 8, "middle");
        boxes.push({ left: releaseX - 8, right: releaseX + 8, top: releaseY, bottom: releaseLabel.y });
      }
      if (reading.fluxes.diffusion) {
        words(diffusion.label, 13, "end");
        boxes.push({ left: diffusion.from.x, right: width, top: sideY - 9, bottom: surfaceEdge });
      }
      if (reading.fluxes.extra_uptake || reading.fluxes.extracellular_breakdown) {
        words(otherUptake.label, 13, "start");
        boxes.push({ left: 0, right: otherUptake.from.x, top: sideY - 9, bottom: surfaceEdge });
      }
      return boxes;
    },
    dotRadius: between(2.7, 3.4),
  };
}
