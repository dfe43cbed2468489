/** Intercepts calls between the store and DynamoDB: observes, delays, loses or forges them. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Connection } from "../../lib/store/table/connection.ts";
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
  const send = (
    command: { input: Readonly<Record<string, unknown>>; constructor: unknown },
    options?: { readonly abortSignal: AbortSignal },
  ) => {
    const name = (command.constructor as { name: string }).name.replace(/Command$/, "");
    return interposer({
      command: name,
      input: command.input,
      keys: keysOf(command.input),
      signal: options?.abortSignal,
      send: () => client.send(command as never, options as never),
    });
  };
  return { ...connection, client: { send } as unknown as DynamoDBDocumentClient };
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
