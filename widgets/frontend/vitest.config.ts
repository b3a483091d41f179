/**
 * Tests of what in the browser code is pure: no page, no Python. They live here, beside the sources, because the packages
 * they import are found from this folder alone.
 *
 * `.make/vitest.json` receives the counts, which tests/test_vitest.py reads: a run of nothing must not look like success.
 */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    reporters: ["dot", "json"],
    outputFile: { json: "../../.make/vitest.json" },
    passWithNoTests: false,
    // A focused or forgotten test is a mistake.
    allowOnly: false,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
