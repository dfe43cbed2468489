import * as z from "zod";
import { integer } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask } from "../../lib/api/task-definition.ts";
import { noteFeed } from "../../lib/store/maintenance/feed-state.ts";
import { noteHistory } from "../../lib/store/maintenance/history-kept.ts";
import {
  type LeasesReport,
  releaseExpiredLeases,
} from "../../lib/store/maintenance/release-expired.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const MAX_BATCH = 10_000;

const input = z.strictObject({
  /** Leases that are looked at, about. */
  batch_size: integer({ min: 1, max: MAX_BATCH }).default(500),
  /** Whether no other function writes the table, so that the history is complete at once. */
  alone: z.boolean().default(false),
  /** Percent of all leases that this run may release; without it, what is configured. */
  share: integer({ min: 1, max: 100 }).optional(),
});

/** Releases consumers whose leases have expired. */
export const releaseExpired = defineTask<z.infer<typeof input>, LeasesReport>({
  id: "maintenance/release-expired",
  summary: "Release consumers whose leases have expired",
  access: WRITING,
  cause: "lease_expired",
  input,
  async run({ batch_size: batchSize, share, alone }, { store, configuration, changed, measured }) {
    const report = await releaseExpiredLeases(store, {
      batchSize,
      share: share ?? configuration.maxLeaseShare,
      changed,
    });
    const { done, held, lag } = report;
    measured({
      ...(lag > 0 && { LeaseLag: lag }),
      ...(done > 0 && { LeasesReleased: done }),
      ...(held === "share" && { LeaseSweepHeld: 1 }),
    });
    await noteHistory(store, { days: configuration.historyDays, alone });
    await noteFeed(store, configuration.historyDays > 0 && configuration.events);
    return report;
  },
});

export const handler = taskLambda(releaseExpired);
