import * as z from "zod";
import { defineTask } from "../../lib/api/operation.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { WRITING } from "../../lib/store/connection.ts";
import type { UpgradeReport } from "../../lib/store/upgrade.ts";

const input = z.strictObject({});

/**
 * Brings a table that an older release has written to the format of this one. Nothing may
 * write the table meanwhile; it may be invoked again, and goes on where it ended.
 */
export const upgradeFormat = defineTask<z.infer<typeof input>, UpgradeReport>({
  id: "maintenance/upgrade-table",
  summary: "Upgrade the table to the format of this release, while nothing writes it",
  access: WRITING,
  input,
  run: (_, { store }) => store.upgrade(),
});

export const handler = taskLambda(upgradeFormat);
