/** The sentence that a lab of the book would show, for each of several settings of each of its models. */
import { Session } from "../../widgets/frontend/src/session/session";
import type { LabSpec } from "../../widgets/frontend/src/spec/generated";

interface Asked {
  /** `LabView.spec`. */
  spec: LabSpec;
  /** The control that was moved last. */
  moved: string | null;
  values: Record<string, number>;
}

export default async function answer(request: Record<string, Asked>): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, { moved, spec, values }] of Object.entries(request)) {
    const session = await Session.open(spec);
    told[name] = session.frame(values, { moved, locked: false, guess: -1, revealed: false }).sentence;
  }
  return told;
}
