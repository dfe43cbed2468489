/** The benchmarks run; their figures belong in docs/performance.md, not in a test. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const BENCH = "test/programs/bench/main.ts";
const PROGRAM = fileURLToPath(new URL("../../../scripts/run-program.mjs", import.meta.url));
const TIMEOUT = 240_000;

const bench = (...args: string[]) => run(process.execPath, [PROGRAM, BENCH, ...args]);

test(
  "npm run bench -- --quick prints a table of each part, and no figure is missing",
  async () => {
    const { stdout } = await bench("--quick");
    const older = ["Heap", "number of providers", "limit", "groups", "by hand", "cold", "attempts"];
    const newer = ["calls of DynamoDB alone", "number of writers", "number of consumers", "grow"];
    for (const words of [...older, ...newer, "Metrics for Prometheus"])
      expect(stdout).toContain(words);
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  },
  TIMEOUT,
);

test(
  "an unknown part is refused with the list of parts",
  async () => {
    await expect(bench("--only", "speed")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("of providers, limit, groups"),
    });
  },
  TIMEOUT,
);
