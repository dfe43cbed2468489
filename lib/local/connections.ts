/** How a local server writes: on the embedded engine with attempts, elsewhere with request tokens. */

import type { Log } from "../api/runtime.ts";
import { systemClock } from "../api/system-clock.ts";
import { systemRandom } from "../api/system-random.ts";
import type { Clock, Random } from "../model/clock.ts";
import { MemoryLogs } from "../store/cache/held-logs.ts";
import { attemptSlots } from "../store/items/attempt.ts";
import { removeOldAttempts } from "../store/maintenance/old-attempts.ts";
import type { Connection } from "../store/table/connection.ts";
import { Busy, StorageFull, UnknownOutcome } from "../store/table/refusals.ts";
import type { Access } from "../store/table/wire/access.ts";
import { connect } from "../store/table/wire/client.ts";
import { noticingFullDisk } from "./full-disk.ts";
import type { TableLocation } from "./storage.ts";
import { clientConfig, type LocalAccess } from "./table.ts";

/** Milliseconds. */
const LIMIT = 60_000;

export interface ConnectOptions {
  /** Default: the client of functions. */
  readonly open?: (tableName: string, access: LocalAccess) => Connection;
  /** Default: the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Is told when the engine cannot write to its disk, and when it can again. */
  readonly log?: Log;
}

/**
 * The embedded engine is slowed down by tokens, and checks no signatures; on a DynamoDB tokens cost
 * nothing.
 */
export function connectTo(
  { endpoint, tableName, engine }: TableLocation,
  { open, environment = process.env, log = () => undefined }: ConnectOptions = {},
): Connection {
  const access = clientConfig(endpoint, environment);
  const byWire = (given: Access) => connect(tableName, given, systemClock);
  if (engine === undefined) return open?.(tableName, access) ?? byWire(access);
  const connection = open?.(tableName, access) ?? byWire({ ...access, credentials: undefined });
  const client = noticingFullDisk(connection.client, log);
  const [attempts, heldLogs] = [attemptSlots(systemRandom.uuid()), new MemoryLogs()];
  return { ...connection, client, attempts, heldLogs };
}

/**
 * Removes what ended processes left of their attempts. The engine's table is this process's
 * alone: the folder is locked, and the engine of an ended process has ended with it.
 */
export async function removeLeftAttempts(
  { engine }: TableLocation,
  connection: Connection,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<void> {
  if (engine === undefined) return;
  const context = { clock, random, deadline: clock.now() + LIMIT, counts: { retries: 0 } };
  try {
    await removeOldAttempts(connection, context);
  } catch (error) {
    // The next start removes what is left.
    const isPassing = [Busy, StorageFull, UnknownOutcome].some((type) => error instanceof type);
    if (!isPassing) throw error;
  }
}
