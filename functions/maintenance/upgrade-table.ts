import * as z from "zod";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import { namesIn } from "../../lib/store/items/subjects.ts";
import { META_KEY } from "../../lib/store/items/table-format.ts";
import { type UpgradeReport, upgradeTable } from "../../lib/store/maintenance/upgrade-table.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const input = z.strictObject({
  /** Whether nothing else uses the table, so that there is nothing to wait for. */
  alone: z.boolean().default(false),
});

/**
 * Upgrades a table that an older release wrote to the format of this one, once no function of
 * the older release writes it any more. It is invoked again until it is complete, and continues
 * where it stopped.
 */
export const upgradeFormat = defineTask<z.infer<typeof input>, UpgradeReport>({
  id: "maintenance/upgrade-table",
  summary: "Upgrade the table to the format of this release",
  access: WRITING,
  input,
  async run({ alone }, { store, changed }) {
    const report = await upgradeTable(store, { alone });
    if (report.from !== report.format || report.removed > 0) changed(...namesIn(META_KEY));
    return report;
  },
});

export const handler = taskLambda(upgradeFormat);
