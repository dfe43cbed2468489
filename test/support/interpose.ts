/** Intercepts calls between the store and DynamoDB: observes, delays, loses or forges them. */
import type { CallOptions } from "../../lib/store/table/call.ts";
import type { Calls, Client, Connection, Operation } from "../../lib/store/table/connection.ts";
import type { Item, Key } from "../../lib/store/table/item.ts";

export type Command =
  | "Get"
  | "BatchGet"
  | "Query"
  | "Scan"
  | "TransactWrite"
  | "Update"
  | (string & {});

export interface Call {
  readonly command: Command;
  readonly input: Readonly<Record<string, unknown>>;
  /** Keys of the items that are read one by one, or written. */
  readonly keys: readonly Key[];
  /** For calls that are given up. */
  readonly signal?: AbortSignal | undefined;
  /** Sends it on; its answer. */
  send(): Promise<unknown>;
}

/** Answers a call in DynamoDB's place: by `send`, something else, or an error. */
export type Interposer = (call: Call) => Promise<unknown>;

export function interpose(connection: Connection, interposer: Interposer): Connection {
  const { client } = connection;
  const send = <O extends Operation>(
    operation: O,
    input: Calls[O]["input"],
    options?: CallOptions,
  ) => {
    // An interposer may add to it.
    const sent = { ...input };
    return interposer({
      command: operation.replace(/Items?$/, ""),
      input: sent,
      keys: keysOf(sent),
      signal: options?.abortSignal,
      send: () => client.send(operation, sent, options),
    }) as Promise<Calls[O]["answer"]>;
  };
  const interposed: Client = { send, destroy: () => client.destroy() };
  return { ...connection, client: interposed };
}

interface Action {
  readonly Key?: Key;
  readonly Item?: Item;
}

function keysOf(input: Readonly<Record<string, unknown>>): Key[] {
  const actions = (input["TransactItems"] ?? []) as readonly Record<string, Action>[];
  const written = actions.flatMap((action) => Object.values(action));
  const batches = Object.values((input["RequestItems"] ?? {}) as Record<string, { Keys: Key[] }>);
  const keys = [input as Action, ...written].map((action) => action.Key ?? action.Item);
  return [...keys, ...batches.flatMap(({ Keys }) => Keys)].flatMap((key) =>
    key === undefined ? [] : [{ pk: key.pk, sk: key.sk }],
  );
}
