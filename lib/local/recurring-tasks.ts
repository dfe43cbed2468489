/** Tasks that the local server runs again and again, as the stack's schedules do. */
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { releaseExpired } from "../../functions/maintenance/release-expired.ts";
import { writePages } from "../../functions/maintenance/write-profile-pages.ts";
import type { Runtime } from "../api/runtime.ts";
import { taskLambda } from "../api/task.ts";
import type { AnyTask } from "../api/task-definition.ts";
import { deleteExpired } from "../store/maintenance/delete-expired.ts";
import { WRITING } from "../store/table/connection.ts";
import type { Key } from "../store/table/item.ts";

const MINUTE = 60_000;
const BATCH_SIZE = 500;

/** Items of which one run looks for expired ones. */
const EXPIRED_PAGE = 2_000;
/** Milliseconds of such a run. */
const EXPIRED_LIMIT = 30_000;

interface Recurring {
  run(): Promise<unknown>;
  /** Milliseconds between two runs. */
  readonly every: number;
  /** Whether the first run is at the start. */
  readonly atStart: boolean;
  /** For the log, if a run fails. */
  readonly failure: string;
}

/**
 * Finishes large changes that a killed server left, at the start and then once a minute.
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startFinishing(runtime: Runtime): () => Promise<void> {
  const failure = "large changes were not finished";
  const run = taskRun(runtime, finishChanges);
  return startRecurring(runtime, { run, every: MINUTE, atStart: true, failure });
}

/**
 * Writes pages of profiles for the next start, every 15 minutes.
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startPageWriting(runtime: Runtime): () => Promise<void> {
  const failure = "pages of profiles were not written";
  const run = taskRun(runtime, writePages);
  return startRecurring(runtime, { run, every: 15 * MINUTE, atStart: false, failure });
}

/**
 * Releases consumers whose leases have expired, every four seconds.
 * @param alone whether no other process writes the table
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startReleasing(runtime: Runtime, alone: boolean): () => Promise<void> {
  const failure = "consumers with expired leases were not released";
  const run = taskRun(runtime, releaseExpired, { alone });
  return startRecurring(runtime, { run, every: 4_000, atStart: true, failure });
}

/**
 * Deletes expired items, which DynamoDB does by itself: a part of the table each minute.
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startDeleting({ openStore, clock, log }: Runtime): () => Promise<void> {
  let after: Key | undefined;
  const run = async () => {
    const access = ["Scan", ...WRITING] as const;
    const store = openStore({ access, deadline: clock.now() + EXPIRED_LIMIT });
    const { deleted, next } = await deleteExpired(store, after, EXPIRED_PAGE);
    after = next;
    if (deleted > 0) log({ level: "DEBUG", message: "expired items deleted", deleted });
  };
  const failure = "expired items were not deleted";
  return startRecurring({ log }, { run, every: MINUTE, atStart: false, failure });
}

function taskRun(runtime: Runtime, definition: AnyTask, input: object = {}) {
  const log: Runtime["log"] = (entry) => {
    const idle = entry["level"] === "INFO" && !(Number(entry["changes"]) > 0);
    runtime.log(idle ? { ...entry, level: "DEBUG" } : entry);
  };
  const task = taskLambda(definition, async () => ({ ...runtime, log }));
  return () => task({ batch_size: BATCH_SIZE, ...input });
}

/**
 * @returns a function that stops the timer. It does not wait for a run that is under way:
 *   the next run finishes its work, and without the engine it would retry for long.
 */
function startRecurring(
  { log }: Pick<Runtime, "log">,
  { run, every, atStart, failure }: Recurring,
): () => Promise<void> {
  let running = false;
  const runOnce = async () => {
    try {
      await run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log({ level: "WARN", message: failure, reason });
    } finally {
      running = false;
    }
  };
  const begin = () => {
    if (running) return;
    running = true;
    void runOnce();
  };
  if (atStart) begin();
  const timer = setInterval(begin, every);
  return async () => clearInterval(timer);
}
