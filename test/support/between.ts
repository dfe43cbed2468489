/** Runs an action at one exact moment: directly before a call of the first server. */
import type { Api } from "./api.ts";
import { startApi } from "./api.ts";
import { type Call, type Interposer, interpose } from "./interpose.ts";

export interface Between {
  /** The server whose calls are watched. */
  readonly slow: Api;
  /** Another server of the table, which nothing holds up. */
  readonly quick: Api;
  /**
   * Does `act` before the next call of `slow` that `matches`, once.
   * @returns how often that has come about
   */
  before(matches: (call: Call) => boolean, act: () => Promise<unknown>): () => number;
  close(): Promise<void>;
}

interface Plan {
  matches(call: Call): boolean;
  act(): Promise<unknown>;
}

export async function startBetween(): Promise<Between> {
  let pending: Plan | undefined;
  const slow = await startApi({
    connection: (connection) =>
      interpose(connection, async (call) => {
        const plan = pending;
        if (plan?.matches(call)) {
          pending = undefined;
          await plan.act();
        }
        return call.send();
      }),
  });
  const quick = await startApi({ tableName: slow.tableName });
  return {
    slow,
    quick,
    before: (matches, act) => {
      let times = 0;
      pending = {
        matches,
        act: async () => {
          times += 1;
          await act();
        },
      };
      return () => times;
    },
    close: async () => {
      await quick.close();
      await slow.close();
    },
  };
}

export const isWrite = ({ command }: Call): boolean => command === "TransactWrite";

export const isBatchRead = ({ command }: Call): boolean => command === "BatchGet";

export const isQuery = ({ command }: Call): boolean => command === "Query";

/** A read of one item whose partition key is `pk`. */
export const isReadOf =
  (pk: string) =>
  ({ command, keys }: Call): boolean =>
    command === "Get" && keys.some((key) => key.pk === pk);

/** Does `act` before the first call that matches, once. */
export function beforehand(
  matches: (call: Call) => boolean,
  act: () => Promise<unknown>,
): Interposer {
  let done = false;
  return async (call) => {
    if (!done && matches(call)) {
      done = true;
      await act();
    }
    return call.send();
  };
}
