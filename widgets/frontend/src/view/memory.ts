/** What a page keeps of a lab for the reader's next visit, and what of it still fits. */
import type { Settings } from "../model/drives";
import type { LabSpec } from "../spec/generated";
import { fitting, permalink, readPermalink } from "./links";

/** Where a page keeps one thing; a notebook has none, its kernel holds the state. */
export interface Drawer {
  /** What was kept; null if nothing was. */
  read(): unknown;
  /** Keep this; null: forget it. */
  write(value: unknown): void;
}
/** The drawer called `name`; what was put there under another `stamp` is no longer there. */
export type Drawers = (name: string, stamp: string) => Drawer;

export interface Kept {
  guess: number;
  revealed: boolean;
  settings: Settings;
}

/** The drawer of a lab: it is another one once its question is asked in other words. */
export function drawerOf(drawers: Drawers | undefined, { name, prediction }: LabSpec): Drawer | null {
  const stamp = prediction ? [prediction.question, ...prediction.choices.map(({ text }) => text)] : [];
  return drawers?.(`lab ${name}`, stamp.join("\n")) ?? null;
}

export function keep(drawer: Drawer | null, spec: LabSpec, { guess, revealed, settings }: Kept): void {
  drawer?.write({ guess, revealed, link: permalink(spec, settings) });
}

/** What was kept, as far as the lab still has it; null if there is nothing. */
export function recall(drawer: Drawer | null, spec: LabSpec): Kept | null {
  const { guess, revealed, link } = (drawer?.read() ?? {}) as Record<string, unknown>;
  const asked = typeof link === "string" ? readPermalink(link, spec) : null;
  if (!asked || asked.missing) return null;
  const { prediction } = spec;
  const chosen = Number.isInteger(guess) && prediction?.choices[guess as number] !== undefined;
  // Locked sliders stand where the question has them.
  if (prediction && !chosen) return null;
  return { guess: chosen ? (guess as number) : -1, revealed: chosen && revealed === true, settings: fitting(spec, asked.settings) };
}
