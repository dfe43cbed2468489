/** Tasks that the local server runs again and again, as the stack's schedules do. */
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { releaseExpired } from "../../functions/maintenance/release-expired.ts";
import { writePages } from "../../functions/maintenance/write-profile-pages.ts";
import type { AnyTask } from "../api/operation.ts";
import type { Runtime } from "../api/runtime.ts";
import { taskLambda } from "../api/task.ts";

const MINUTE = 60_000;
const BATCH_SIZE = 500;

interface Recurring {
  readonly task: AnyTask;
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
  return startRecurring(runtime, { task: finishChanges, every: MINUTE, atStart: true, failure });
}

/**
 * Writes pages of profiles for the next start, every 15 minutes.
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startPageWriting(runtime: Runtime): () => Promise<void> {
  const failure = "pages of profiles were not written";
  return startRecurring(runtime, { task: writePages, every: 15 * MINUTE, atStart: false, failure });
}

/**
 * Releases consumers whose leases have expired, every four seconds.
 * @returns a function that stops the timer: see `startRecurring`
 */
export function startReleasing(runtime: Runtime): () => Promise<void> {
  const failure = "consumers with expired leases were not released";
  return startRecurring(runtime, { task: releaseExpired, every: 4_000, atStart: true, failure });
}

/**
 * @returns a function that stops the timer. It does not wait for a run that is under way:
 *   the next run finishes its work, and without the engine it would retry for long.
 */
function startRecurring(
  runtime: Runtime,
  { task: definition, every, atStart, failure }: Recurring,
): () => Promise<void> {
  const log: Runtime["log"] = (entry) => {
    const idle = entry["level"] === "INFO" && !(Number(entry["changes"]) > 0);
    runtime.log(idle ? { ...entry, level: "DEBUG" } : entry);
  };
  const task = taskLambda(definition, async () => ({ ...runtime, log }));
  let running = false;
  const run = async () => {
    try {
      await task({ batch_size: BATCH_SIZE });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      runtime.log({ level: "WARN", message: failure, reason });
    } finally {
      running = false;
    }
  };
  const begin = () => {
    if (running) return;
    running = true;
    void run();
  };
  if (atStart) begin();
  const timer = setInterval(begin, every);
  return async () => clearInterval(timer);
}
