/**
 * What every panel is. A kind of panel is a file in view/panels whose default export is made by `panelKind`; it is found
 * by being there. A panel draws from a frame and knows nothing of the others.
 */
import type { Schedule } from "../model/experiment";
import type { Session } from "../session/session";
import type { Frame } from "../session/frame";
import type { LabSpec } from "../spec/generated";
import type { PanelSpec } from "../spec/read";

export interface Panel {
  readonly element: HTMLElement;
  /** Draw what the frame shows; once for each move. */
  draw(frame: Frame): void;
  /** The controls rest: an axis may shrink, slow work may begin. What there is to tell of it is added to `said`. */
  rest?(frame: Frame, said: string[]): void;
  /** Say aloud what was gathered. */
  say?(frame: Frame, said: readonly string[]): void;
  /** The room has changed. */
  resize?(room: Room): void;
  destroy?(): void;
}

export interface Room {
  /** A column as narrow as a phone's. */
  readonly phone: boolean;
  /** Height beside the drawing that is left for `holder` when the other charts have theirs, px; null without a drawing. */
  left(holder: HTMLElement): number | null;
}

/** Where a panel stands: over the charts, among them, under them, in the row of tools, or after the controls. */
export type Slot = "above" | "charts" | "below" | "tools" | "tail";

/** What a panel may know of its lab. */
export interface Surroundings {
  /** Starts every id in the lab. */
  readonly id: string;
  readonly session: Session;
  readonly spec: LabSpec;
  /** Motion is not welcome. */
  readonly calm: MediaQueryList;
  /** Stands in place of the curve when something is wrong: the panel with the main chart takes it in. */
  readonly alert: HTMLElement;
  /** The lab's present frame; null before the first. */
  frame(): Frame | null;
  /** Draw the present frame again: what is known of it is more than before. */
  repaint(): void;
  /** Say what is wrong in place of the picture. */
  refuse(error: unknown): void;
  /** Say a word beside the control that was pressed. */
  say(words: string, beside: Element): void;
  /** Move a control, as the reader does. */
  set(control: string, value: number | Schedule): void;
}

export interface PanelKind {
  readonly kind: string;
  readonly slot: Slot;
  make(spec: PanelSpec, lab: Surroundings): Panel;
}

/** A kind of panel, typed by its kind; S is its spec where that is not in the generated types. */
export function panelKind<K extends string, S = Extract<PanelSpec, { kind: K }>>(
  kind: K,
  slot: Slot,
  make: (spec: S, lab: Surroundings) => Panel,
): PanelKind {
  return { kind, slot, make: make as unknown as PanelKind["make"] };
}
