/** What the commands on a whole table share: the runtime, and the frame of `main`. */
import type { Runtime } from "../api/runtime.ts";
import { Refusal } from "../model/refusal.ts";
import type { MaintenanceStore } from "../store/maintenance-store.ts";
import { WRITING } from "../store/table/connection.ts";
import { connectTo } from "./connections.ts";
import { pendingOf } from "./events/local-feed.ts";
import type { Options } from "./options.ts";
import { localRuntime } from "./runtime.ts";
import { StartFailure } from "./start-failure.ts";
import type { Closers, TableLocation } from "./storage.ts";

/** Milliseconds for one part of the work, of which there may be any number. */
const PART = 60_000;

export function runtimeOf(
  { configuration }: Pick<Options, "configuration">,
  location: TableLocation,
): Runtime {
  const pending = pendingOf(location, configuration);
  return localRuntime({ connection: connectTo(location), configuration, pending });
}

/** Opens a store for each part of the work. */
export function opener({ openStore, clock }: Runtime): () => MaintenanceStore {
  return () => openStore({ access: ["Scan", ...WRITING], deadline: clock.now() + PART });
}

/** Prints at most one line a second. */
export function progressLine(now: () => number): (line: string) => void {
  let last = now();
  return (line) => {
    if (now() - last < 1_000) return;
    last = now();
    process.stderr.write(`${line}\n`);
  };
}

/**
 * Runs a command to its exit status; failures that have been foreseen are one line each.
 * @param foreseen further errors that `run` explains by their messages
 */
export async function runCommand(
  name: string,
  run: (closers: Closers) => Promise<number>,
  foreseen: readonly (abstract new (...args: never[]) => Error)[] = [],
): Promise<number> {
  const closers: Closers = [];
  try {
    return await run(closers);
  } catch (error) {
    const known = error instanceof StartFailure || error instanceof Refusal;
    if (!(error instanceof Error) || !(known || foreseen.some((each) => error instanceof each))) {
      throw error;
    }
    process.stderr.write(`${name}: ${error.message}\n`);
    return error instanceof StartFailure ? error.exitStatus : 1;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
