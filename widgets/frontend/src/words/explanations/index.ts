/** Who explains a level: a model's spec names its explainer; a new one is a file here and a line. */
import { nearest, SpecError } from "../../spec/read";
import type { Explain } from "../findings";
import { plain } from "./plain";
import { pump } from "./pump";

const EXPLAINERS: Readonly<Record<string, Explain>> = { plain, pump };

export function explainer(name: string): Explain {
  const found = EXPLAINERS[name || "plain"];
  if (!found) {
    const names = Object.keys(EXPLAINERS);
    throw new SpecError(`This lab's levels are explained by “${name}”, which this page does not know.${nearest(name, names)}`);
  }
  return found;
}
