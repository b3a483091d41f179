/** Stills of widgets, for widgets/book/stills.py: requests in, what stands in each widget's place out. */
import { labStill, type LabGiven } from "./lab";
import { questionsStill, type QuestionsGiven } from "./questions";

export async function stills(given: readonly (LabGiven | QuestionsGiven)[]): Promise<unknown[]> {
  const made = [];
  for (const each of given) {
    try {
      made.push(each.kind === "lab" ? await labStill(each) : questionsStill(each));
    } catch (error) {
      made.push({ trouble: (error as Error)?.message ?? String(error) });
    }
  }
  return made;
}
