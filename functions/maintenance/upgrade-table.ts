import * as z from "zod";
import { defineTask } from "../../lib/api/operation.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { namesIn } from "../../lib/store/items/subjects.ts";
import { META_KEY } from "../../lib/store/items/table-format.ts";
import { type UpgradeReport, upgradeTable } from "../../lib/store/maintenance/upgrade-table.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const input = z.strictObject({});

/**
 * Upgrades a table that an older release wrote to the format of this one. Nothing may write
 * to the table meanwhile. It may be invoked again, and continues where it stopped.
 */
export const upgradeFormat = defineTask<z.infer<typeof input>, UpgradeReport>({
  id: "maintenance/upgrade-table",
  summary: "Upgrade the table to the format of this release, while nothing writes it",
  access: WRITING,
  input,
  async run(_, { store, changed }) {
    const report = await upgradeTable(store);
    if (report.from !== report.format || report.removed > 0) changed(...namesIn(META_KEY));
    return report;
  },
});

export const handler = taskLambda(upgradeFormat);
