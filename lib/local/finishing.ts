/**
 * Finishes large changes that a killed server left, at the start and then once a
 * minute, as the stack's schedule does for deployed functions.
 */
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import type { Runtime } from "../api/runtime.ts";
import { taskLambda } from "../api/task.ts";

/** Milliseconds between two runs. */
const EVERY = 60_000;
const BATCH_SIZE = 500;

/**
 * @returns a function that stops the timer. It does not wait for a run that is under way:
 *   the next run finishes its work, and without the engine it would retry for long.
 */
export function startFinishing(runtime: Runtime): () => Promise<void> {
  // Runs that change nothing are not printed.
  const log: Runtime["log"] = (entry) => {
    if (entry["level"] !== "INFO" || Number(entry["changes"]) > 0) runtime.log(entry);
  };
  const task = taskLambda(finishChanges, async () => ({ ...runtime, log }));
  let running = false;
  const run = async () => {
    try {
      await task({ batch_size: BATCH_SIZE });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      runtime.log({ level: "WARN", message: "large changes were not finished", reason });
    } finally {
      running = false;
    }
  };
  const begin = () => {
    if (running) return;
    running = true;
    void run();
  };
  begin();
  const timer = setInterval(begin, EVERY);
  return async () => clearInterval(timer);
}
