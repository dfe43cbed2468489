import * as z from "zod";
import { integer, uuidLike } from "../../lib/api/schemas.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { defineTask, type TaskServices } from "../../lib/api/task-definition.ts";
import { isIdle } from "../../lib/model/consumer.ts";
import { Refusal } from "../../lib/model/refusal.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readConsumers } from "../../lib/store/consumers/change.ts";
import { idleConsumers } from "../../lib/store/consumers/lists.ts";
import { consumerDeletion } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

const MAX_BATCH = 1_000;

const input = z.union([
  z.strictObject({
    batch_size: integer({ min: 1, max: MAX_BATCH }).default(50),
    /** Seconds since the consumer was created. */
    older_than: integer({ min: 0 }),
  }),
  z.strictObject({
    batch_size: integer({ min: 1, max: MAX_BATCH }).default(50),
    /** Only those that hold nothing are deleted. */
    consumers: z.array(uuidLike()).max(MAX_BATCH),
  }),
]);

type Input = z.infer<typeof input>;

export interface BatchReport {
  /** Consumers without allocations that were found, `batch_size` at most. */
  readonly found: number;
  /** How many of these were deleted: those that no request changed meanwhile. */
  readonly done: number;
}

/** Deletes consumers that hold nothing: those that are named, or those above an age. */
export const deleteIdleConsumers = defineTask<Input, BatchReport>({
  id: "maintenance/delete-idle-consumers",
  summary: "Delete consumers that hold no allocations",
  access: WRITING,
  cause: "idle",
  input,
  async run(given, services) {
    const { store, changed } = services;
    const uuids = await candidates(given, services);
    const found = [...(await readConsumers(store, uuids)).values()]
      .filter(isIdle)
      .slice(0, given.batch_size);
    let done = 0;
    for (const { uuid, generation } of found) {
      try {
        await store.change(consumerDeletion(store, { uuid, generation }));
        changed(uuid);
        done += 1;
      } catch (error) {
        // A consumer that was changed since it was read is still in use.
        if (!(error instanceof Refusal) || error.status === 503) throw error;
      }
    }
    return { found: found.length, done };
  },
});

async function candidates(given: Input, { store, clock }: TaskServices): Promise<readonly Uuid[]> {
  if ("consumers" in given) return given.consumers;
  const before = clock.now() - given.older_than * 1_000;
  const page = { limit: given.batch_size, after: undefined };
  const { consumers } = await idleConsumers(store, before, page);
  return consumers.map(({ uuid }) => uuid);
}

export const handler = taskLambda(deleteIdleConsumers);
