/**
 * Runs the unit tests with a fixed seed and measures how much of the product they execute;
 * fails below the floor in `vitest.config.ts`. Further arguments go to vitest.
 */
import { runVitest } from "./vitest.mjs";

/** The figure may not depend on what a run draws. */
const SEED = "1";

runVitest(["--coverage", "--exclude", "test/**/*.long.test.ts"], { TEST_SEED: SEED });
