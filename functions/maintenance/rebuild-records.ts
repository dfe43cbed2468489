import * as z from "zod";
import { integer } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import { type RebuildReport, rebuild } from "../../lib/store/maintenance/rebuild.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const input = z.strictObject({ batch_size: integer({ min: 1, max: 1_000 }).default(50) });

/**
 * Rebuilds what a partial restore left behind: look-up items whose consumer is
 * missing, consumers without their look-up items, and the use of providers.
 */
export const rebuildRecords = defineTask<z.infer<typeof input>, RebuildReport>({
  id: "maintenance/rebuild-records",
  summary: "Rebuild records that contradict each other after a partial restore",
  access: ["Scan", ...WRITING],
  input,
  run({ batch_size: batchSize }, { store, configuration, changed }) {
    const { incompleteProject: project, incompleteUser: user } = configuration;
    return rebuild(store, { batchSize, incomplete: { project, user }, changed });
  },
});

export const handler = taskLambda(rebuildRecords);
