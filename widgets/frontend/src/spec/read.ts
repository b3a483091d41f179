/** The spec of a lab as it arrives: whether this page can draw it. What is in it is typed by generated.d.ts. */
import type { LabSpec } from "./generated";

/** What this page was made for; widgets/labs/spec.py raises it when an older page could not draw a spec as it is meant. */
export const VERSION = 1;

export type Control = LabSpec["controls"][number];
export type NumberControl = Extract<Control, { kind: "number" }>;
export type ChoiceControl = Extract<Control, { kind: "choice" }>;
export type SwitchControl = Extract<Control, { kind: "switch" }>;
export type ScheduleControl = Extract<Control, { kind: "schedule" }>;
export type MedicineDrive = Extract<LabSpec["drive"], { kind: "medicines" }>;
export type PanelSpec = LabSpec["panels"][number];

/** A spec that cannot be drawn, said to the reader. */
export class SpecError extends Error {
  override readonly name = "SpecError";
}

/** The spec if this page can draw it; throws SpecError, in words for the reader, otherwise. */
export function readSpec(given: unknown, kinds: readonly string[]): LabSpec {
  const spec = given as Partial<LabSpec> | null | undefined;
  if (!spec || typeof spec !== "object" || !Array.isArray(spec.panels) || !Array.isArray(spec.models)) {
    throw new SpecError("This lab came without its description. Run its cell again, or build the page again.");
  }
  if (!spec.models.length) {
    throw new SpecError("This lab came without a model to run. Run its cell again, or build the page again.");
  }
  if (typeof spec.version !== "number" || spec.version > VERSION) {
    throw new SpecError(
      `This lab was made by a newer version (${spec.version}) than this page can draw (${VERSION}). ` +
        "Load the page again; if that does not help, build it again.",
    );
  }
  for (const [place, { kind }] of spec.panels.entries()) {
    if (!kinds.includes(kind)) {
      throw new SpecError(
        `Panel ${place + 1} of this lab is of the kind “${kind}”, which this page does not know.${nearest(kind, kinds)} ` +
          "Build the page again with the version that made the lab.",
      );
    }
  }
  return spec as LabSpec;
}

/** " Did you mean “curves”?", or nothing if none is close. */
export function nearest(name: string, options: readonly string[]): string {
  const scored = options.map((option) => ({ option, far: distance(name, option) })).sort((a, b) => a.far - b.far);
  const [best] = scored;
  return best && best.far <= Math.max(1, Math.floor(Math.max(name.length, best.option.length) / 2)) ? ` Did you mean “${best.option}”?` : "";
}

/** How many letters have to change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
