/** What panels about medicines share: which medicine stands on each side, and how it is named and drawn. */
import { Medicines, type Settings } from "../model/drives";
import type { Session } from "../session/session";
import { SpecError } from "../spec/read";
import { capital, clean, grouped } from "../words/numbers";
import type { CurveStyle } from "./charts/kit";

export function medicinesOf({ drive }: Session): Medicines {
  if (drive instanceof Medicines) return drive;
  throw new SpecError("This panel shows medicines, and the lab has none: give it a medicine drive.");
}

/** "A", where two are compared. */
export function letterOf({ spec }: Medicines, side: number): string {
  return spec.sides.length > 1 ? spec.sides[side].letter : "";
}

/** "A 270 %" */
export function lettered(drive: Medicines, side: number, words: string): string {
  return [letterOf(drive, side), words].filter(Boolean).join(" ");
}

/** "75 mg", "none" */
export function taken(dose: number): string {
  return dose > 0 ? `${grouped(clean(dose))}\u00a0mg` : "none";
}

/** "A: Venlafaxine, 75 mg" */
export function named(drive: Medicines, side: number, settings: Settings): string {
  const words = `${capital(drive.medicine(side, settings).name)}, ${taken(drive.dose(side, settings))}`;
  const letter = letterOf(drive, side);
  return letter ? `${letter}: ${words}` : words;
}

/** One line style a side: the second is dashed. */
export function sideStyles(drive: Medicines, hue: string, text: string): CurveStyle[] {
  const style = { colour: `var(--ls-${hue})`, textColour: `var(--ls-${text})`, name: "" };
  return drive.spec.sides.map((_, side) => ({ ...style, name: letterOf(drive, side), dash: side ? "5 4" : undefined }));
}
