/** What the calls of the store say: which items they read and write. */
import type { Operation } from "../../../lib/store/table/connection.ts";
import type { Item, Key } from "../../../lib/store/table/item.ts";
import type { CallKind } from "./weather.ts";

export type Input = Readonly<Record<string, unknown>>;
export interface Command {
  readonly operation: Operation;
  readonly input: Input;
}

/** The actions of a transaction, or the one of a single write. */
export function actionsOf(input: Input): [kind: string, key: Key][] {
  const given = (input["TransactItems"] ?? [{ Single: input }]) as Record<
    string,
    { readonly Key?: Key; readonly Item?: Item }
  >[];
  return given.flatMap((action) =>
    Object.entries(action).flatMap(([kind, { Key: named, Item: item }]): [string, Key][] => {
      const key = named ?? item;
      return key === undefined ? [] : [[kind, { pk: key.pk, sk: key.sk }]];
    }),
  );
}

/** Keys that a write changes. */
export function writtenBy(input: Input): Key[] {
  const reads = "Key" in input && !("UpdateExpression" in input || "ConditionExpression" in input);
  if (reads) return [];
  return actionsOf(input).flatMap(([kind, key]) => (kind === "ConditionCheck" ? [] : [key]));
}

/** Keys of the items on which no other transaction may be under way, in the order of the actions. */
export function claimedBy(command: Command): Key[] {
  const name = nameOf(command);
  const alone = name === "Put" || name === "Update" || name === "Delete";
  return alone || name.startsWith("Transact") ? actionsOf(command.input).map(([, key]) => key) : [];
}

export function callOf(command: Command): CallKind {
  const actions = (command.input["TransactItems"] as unknown[] | undefined)?.length ?? 1;
  return { command: nameOf(command), actions };
}

export function tokenOf(input: Input): string | undefined {
  const token = input["ClientRequestToken"];
  return token === undefined ? undefined : String(token);
}

export function nameOf(command: Command): string {
  return command.operation.replace(/Items?$/, "");
}

/** The engine gives the entries of a map in no order; a replay needs one. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Set) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}

export function inOrderOf(error: unknown): unknown {
  if (error instanceof Error && "CancellationReasons" in error) {
    error.CancellationReasons = inOrder(error.CancellationReasons);
  }
  if (error instanceof Error && "Item" in error) error.Item = inOrder(error.Item);
  return error;
}
