/** What each part of a drawing is built from, and what it gives back. */
import type { Layout } from "./layout";
import type { Reading } from "./quantities";
import type { Labels } from "./words";

export interface Stage {
  svg: SVGSVGElement;
  layout: Layout;
  labels: Labels;
  /** The reading that decides which parts there are. */
  first: Reading;
}

/** Shows a new reading in one part of the drawing. */
export type Update = (reading: Reading) => void;
