/** What the whole drawing is measured by: its width, the size of its text, and how a length grows with the width. */

/** Below this width, px, the vesicles stand in two columns and the longest labels are left to the tooltips. */
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

export interface Frame {
  width: number;
  compact: boolean;
  /** Text size and the distance between lines of text, px. */
  text: number;
  lineHeight: number;
  /** Letters stand wider apart: words that usually stand side by side do not. */
  spaced: boolean;
}

/** The frame for a width in CSS px (clamped to NARROWEST..WIDEST). */
export function frameFor(containerWidth: number, spaced = false): Frame {
  const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, containerWidth)));
  const text = width < 500 ? 12 : 13;
  return { width, compact: width < COMPACT, text, lineHeight: text + 4, spaced };
}

/** A length's growth with the width: between the phone drawing (300 px) and the desktop drawing (560 px), and on. */
export function growth({ width }: Frame): (phone: number, desktop: number) => number {
  return (phone, desktop) => phone + ((desktop - phone) * (width - 300)) / 260;
}

/** As many numbers as `count`, each from its index. */
export const range = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => at(i));
