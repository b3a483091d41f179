/** Small models with known answers, as the texts that the loader is given; the files beside this one are checked by tsc. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function text(name: "robertson" | "pump" | "chase" | "swing"): string {
  return readFileSync(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), "utf8");
}
