import * as z from "zod";
import { integer } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import { type PagesReport, writeProfilePages } from "../../lib/store/maintenance/profile-pages.ts";

const MAX_BATCH = 1_000;

const input = z.strictObject({
  /** An invocation ends after the shard in which this number of pages was reached. */
  batch_size: integer({ min: 1, max: MAX_BATCH }).default(50),
});

/** Writes the compressed pages of profiles from which functions start. */
export const writePages = defineTask<z.infer<typeof input>, PagesReport>({
  id: "maintenance/write-profile-pages",
  summary: "Write the pages of profiles on which a profile moved",
  access: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  input,
  run: ({ batch_size: batchSize }, { store }) => writeProfilePages(store, batchSize),
});

export const handler = taskLambda(writePages);
