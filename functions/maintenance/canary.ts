import * as z from "zod";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import {
  CanaryFailed,
  type CanaryReport,
  runCanary,
} from "../../lib/store/maintenance/canary/run.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const input = z.strictObject({});

/**
 * Creates, claims, releases and deletes a provider of its own, and times each step. A step that
 * fails makes the run fail.
 */
export const canary = defineTask<z.infer<typeof input>, CanaryReport>({
  id: "maintenance/canary",
  summary: "Create, claim, release and delete a provider of its own, and time each step",
  access: WRITING,
  cause: "canary",
  input,
  async run(_, { store, changed, measured, noted }) {
    try {
      const report = await runCanary(store, changed);
      noted({ steps: report.steps });
      if (report.ran) measured({ CanaryRuns: 1, CanaryLatency: report.latency });
      return report;
    } catch (error) {
      if (error instanceof CanaryFailed) noted({ failed: error.step, steps: error.steps });
      measured({ CanaryRuns: 1, CanaryFailures: 1 });
      throw error;
    }
  },
});

export const handler = taskLambda(canary);
