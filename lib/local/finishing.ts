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

/** @returns what ends it */
export function startFinishing(runtime: Runtime): () => Promise<void> {
  const task = taskLambda(finishChanges, async () => runtime);
  let running: Promise<void> | undefined;
  const run = async () => {
    try {
      await task({ batch_size: BATCH_SIZE });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      runtime.log({ level: "WARN", message: "large changes were not finished", reason });
    } finally {
      running = undefined;
    }
  };
  const begin = () => {
    running ??= run();
  };
  begin();
  const timer = setInterval(begin, EVERY);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
