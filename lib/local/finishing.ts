/**
 * What the stack's schedule does for deployed functions: large changes that a
 * killed server left behind are finished, at the start and then once a minute.
 */
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import type { Runtime } from "../api/runtime.ts";
import { taskLambda } from "../api/task.ts";

/** Milliseconds. */
const EVERY = 60_000;
const BATCH_SIZE = 500;

/**
 * @returns what ends it. A run that is under way is not waited for: whatever it leaves
 *   behind is found by the next one, and it would try on for long if the engine is gone.
 */
export function startFinishing(runtime: Runtime): () => Promise<void> {
  // A run that changes nothing is no news on a terminal.
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
