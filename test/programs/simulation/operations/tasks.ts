/** Maintenance functions, which run beside everything else. */
import * as z from "zod";
import { deleteIdleConsumers } from "../../../../functions/maintenance/delete-idle-consumers.ts";
import { finishChanges } from "../../../../functions/maintenance/finish-changes.ts";
import { rebuildRecords } from "../../../../functions/maintenance/rebuild-records.ts";
import { releaseExpired } from "../../../../functions/maintenance/release-expired.ts";
import {
  type VerifyAnswer,
  verifyRecords,
} from "../../../../functions/maintenance/verify-table.ts";
import { writePages } from "../../../../functions/maintenance/write-profile-pages.ts";
import { defineTask } from "../../../../lib/api/task-definition.ts";
import { type FedReport, feedPending } from "../../../../lib/store/events/feed-pending.ts";
import { PENDING } from "../../../../lib/store/items/pending-events.ts";
import type { RebuildReport } from "../../../../lib/store/maintenance/rebuild.ts";
import { WRITING } from "../../../../lib/store/table/connection.ts";
import { RELEASE } from "../leases.ts";
import type { TaskOperation } from "../operation.ts";
import { isIdle, withConsumer } from "../world.ts";

const CONSUMER = "CONSUMER#";

export function sweep(): TaskOperation {
  return {
    kind: "task",
    name: "finish changes",
    task: finishChanges,
    input: { batch_size: 10 },
    committed: () => undefined,
    broken: () => undefined,
  };
}

const feedTask = defineTask<object, FedReport>({
  id: "simulation/feed",
  summary: "Brings events into the feed, as the local server does",
  access: WRITING,
  input: z.strictObject({}),
  async run(_, { store }) {
    let report = await feedPending(store);
    while (report.more) report = await feedPending(store);
    return report;
  },
});

/** It changes nothing but the feed, which shows in no answer of the others. */
export function feed(): TaskOperation {
  return {
    kind: "task",
    name: "feed events",
    task: feedTask,
    input: {},
    committed: (world, { keys }) =>
      keys.every(({ pk }) => pk.startsWith("FEED#") || pk === PENDING) ? world : undefined,
    broken: () => undefined,
  };
}

/** What it writes agrees with nothing, and shows in nothing. */
export function writePageTask(): TaskOperation {
  return {
    kind: "task",
    name: "write pages of profiles",
    task: writePages,
    input: {},
    committed: () => undefined,
    broken: () => undefined,
  };
}

export function deleteIdle(): TaskOperation {
  return {
    kind: "task",
    name: "delete idle consumers",
    task: deleteIdleConsumers,
    input: { batch_size: 3, older_than: 1 },
    committed: (world, { keys }) => {
      const own = keys.find(({ sk }) => sk === "CONSUMER");
      const uuid = own?.pk.slice(CONSUMER.length) ?? "";
      const consumer = world.consumers.get(uuid);
      if (consumer === undefined || !isIdle(consumer)) return undefined;
      return withConsumer(world, uuid, undefined);
    },
    broken: () => undefined,
  };
}

/** A commit releases a consumer, or lists its lease at another time, which shows in nothing. */
export function releaseLeases(): TaskOperation {
  return {
    kind: "task",
    name: RELEASE,
    task: releaseExpired,
    input: { share: 100 },
    committed: (world, { keys }) => {
      const own = keys.find(({ sk }) => sk === "CONSUMER");
      const isRelease = keys.some(({ pk }) => pk.startsWith("PROJECT#"));
      if (!isRelease) return keys.some(({ pk }) => pk.startsWith("LEASE#")) ? world : undefined;
      const uuid = own?.pk.slice(CONSUMER.length) ?? "";
      if (world.leases.get(uuid)?.term === undefined) return undefined;
      return withConsumer(world, uuid, undefined);
    },
    broken: () => undefined,
  };
}

/** On a consistent table there is nothing to rebuild, even while others write. */
export function rebuild(): TaskOperation {
  return {
    kind: "task",
    name: "rebuild records",
    task: rebuildRecords,
    input: {},
    committed: () => undefined,
    broken: (answer) => {
      const { found } = answer as RebuildReport;
      return found === 0 ? undefined : `it found ${found} broken records`;
    },
  };
}

/** A large change may be left by a function that died; any other finding is a false alarm. */
export function verify(repair: boolean): TaskOperation {
  return {
    kind: "task",
    name: repair ? "verify and repair" : "verify",
    task: verifyRecords,
    input: { repair },
    committed: () => undefined,
    broken: (answer) => {
      const { findings } = answer as VerifyAnswer;
      const found = findings.find(({ rule }) => rule !== "change-left");
      return found && `it found ${found.rule}: ${found.what}`;
    },
  };
}
