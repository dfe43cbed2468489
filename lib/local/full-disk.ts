/** What the embedded engine answers to a write when its disk is full, or refuses to be written. */
import type { Log } from "../api/runtime.ts";
import type { CallOptions } from "../store/table/call.ts";
import {
  type Calls,
  type Client,
  type Operation,
  WRITE_OPERATIONS,
} from "../store/table/connection.ts";
import { StorageFull } from "../store/table/refusals.ts";

/**
 * SQLite's words for SQLITE_FULL and SQLITE_IOERR; the latter also stands for a file that has
 * reached a limit of size. It has rolled back before it reports either.
 * Source: SQLite, "Result and Error Codes", and "Automatic rollback" in "Transaction control".
 */
const CANNOT_WRITE = /database or disk is full|disk I\/O error/;

/** Writes in a row that succeed until the disk is said to have room again: small ones fit longer. */
const ENOUGH = 20;

/**
 * `client`, whose writes throw StorageFull on a full disk: otherwise their errors would count as
 * lost answers, and be repeated until the request's deadline.
 * @param log is told when this begins and when it ends
 */
export function noticingFullDisk(client: Client, log: Log): Client {
  /** Writes that must succeed until the disk counts as sound. */
  let missing = 0;
  const send = async <O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ): Promise<Calls[O]["answer"]> => {
    try {
      const answer = await client.send(operation, input, options);
      if (missing > 0 && WRITE_OPERATIONS.has(operation)) {
        missing -= 1;
        if (missing === 0)
          log({ level: "WARN", message: "the engine can write to its disk again" });
      }
      return answer;
    } catch (error) {
      if (!WRITE_OPERATIONS.has(operation) || !cannotWrite(error)) throw error;
      if (missing === 0) {
        const message = "the engine cannot write to its disk: writes are refused";
        log({ level: "WARN", message, reason: error.message });
      }
      missing = ENOUGH;
      throw new StorageFull();
    }
  };
  return { send, destroy: () => client.destroy() };
}

function cannotWrite(error: unknown): error is Error {
  return (
    error instanceof Error &&
    error.name === "InternalServerError" &&
    CANNOT_WRITE.test(error.message)
  );
}
