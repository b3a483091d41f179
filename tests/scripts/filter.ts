/** The drug atlas's filter, asked many times: which texts a query finds, and how the count is told. */
import { count, matches } from "../../widgets/frontend/src/runtime/atlas";

interface Request {
  /** A medicine's words and what a reader typed. */
  asked: [words: string, query: string][];
  counts: [shown: number, all: number][];
}

export default function answer({ asked, counts }: Request): { found: boolean[]; told: string[] } {
  return { found: asked.map((pair) => matches(...pair)), told: counts.map((pair) => count(...pair)) };
}
