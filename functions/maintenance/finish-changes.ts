import * as z from "zod";
import { integer } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import type { SweepReport } from "../../lib/store/large-changes/sweep.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const MAX_BATCH = 1_000;

const input = z.strictObject({ batch_size: integer({ min: 1, max: MAX_BATCH }).default(50) });

/** Finishes large changes whose coordinator died: applies what was committed, undoes the rest. */
export const finishChanges = defineTask<z.infer<typeof input>, SweepReport>({
  id: "maintenance/finish-changes",
  summary: "Finish large changes that were left behind",
  access: WRITING,
  input,
  async run({ batch_size: batchSize }, { store, changed }) {
    return store.sweep(batchSize, changed);
  },
});

export const handler = taskLambda(finishChanges);
