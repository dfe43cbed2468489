/** Writes as data: actions, conditions and values, compiled to expressions with placeholders. */
import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import type { DynamoDBAction } from "./actions.ts";
import { checkExpression, operatorsIn, operatorsOf } from "./expression-limits.ts";
import type { Item, Key } from "./item.ts";
import { Placeholders } from "./placeholders.ts";

/** An attribute, or a place inside a map: `["inventories", "5", "used"]`. */
export type Path = readonly string[];

export type Clause =
  | { readonly test: "exists" | "absent"; readonly path: Path }
  | { readonly test: "=" | ">=" | "<="; readonly path: Path; readonly value: unknown }
  /** A lower number, or none. */
  | { readonly test: "below"; readonly path: Path; readonly value: number }
  | { readonly test: "size<" | "size>="; readonly path: Path; readonly value: number };

export type Change =
  | { readonly do: "set"; readonly path: Path; readonly to: unknown }
  /** The number at `of` plus `by`, which may be negative; there must be one. */
  | { readonly do: "add"; readonly path: Path; readonly of: Path; readonly by: number }
  /** The same, counting from 0 if there is none. */
  | { readonly do: "count"; readonly path: Path; readonly of: Path; readonly by: number }
  /** `to` minus the number at `minus`. */
  | { readonly do: "setDifference"; readonly path: Path; readonly to: number; readonly minus: Path }
  | { readonly do: "remove"; readonly path: Path };

/** The conditions that every write has. */
interface Conditional {
  readonly when: readonly Clause[];
  /** The large change whose intent the item must have; without it, the item must have no intent. */
  readonly intentOf?: string;
}

export type Write = Conditional &
  (
    | { readonly kind: "put"; readonly item: Item }
    | { readonly kind: "update"; readonly key: Key; readonly changes: readonly Change[] }
    | { readonly kind: "delete" | "check"; readonly key: Key }
  );

/** The write intent of an unfinished large change: only that change may write the item. */
export const INTENT = "mark";

/** The part of the intent with the id of the change. */
export const INTENT_CHANGE = [INTENT, "c"] as const;

export const exists = (...path: Path): Clause => ({ test: "exists", path });
export const absent = (...path: Path): Clause => ({ test: "absent", path });
export const equals = (path: Path, value: unknown): Clause => ({ test: "=", path, value });
export const atLeast = (path: Path, value: number): Clause => ({ test: ">=", path, value });
export const atMost = (path: Path, value: number): Clause => ({ test: "<=", path, value });
export const below = (path: Path, value: number): Clause => ({ test: "below", path, value });
export const sizeBelow = (path: Path, value: number): Clause => ({ test: "size<", path, value });
export const atLeastSize = (path: Path, value: number): Clause => ({ test: "size>=", path, value });

export const set = (path: Path, to: unknown): Change => ({ do: "set", path, to });
export const addTo = (path: Path, of: Path, by: number): Change => ({ do: "add", path, of, by });
export const add = (path: Path, by: number): Change => addTo(path, path, by);
export const countTo = (path: Path, of: Path, by: number): Change => ({
  do: "count",
  path,
  of,
  by,
});
export const count = (path: Path, by: number): Change => countTo(path, path, by);
export const remove = (path: Path): Change => ({ do: "remove", path });
export const setDifference = (path: Path, to: number, minus: Path): Change => ({
  do: "setDifference",
  path,
  to,
  minus,
});

export function keyOf(write: Write): Key {
  const { pk, sk } = write.kind === "put" ? write.item : write.key;
  return { pk, sk };
}

export const ACTION_OF: Readonly<Record<Write["kind"], DynamoDBAction>> = {
  put: "PutItem",
  update: "UpdateItem",
  delete: "DeleteItem",
  check: "ConditionCheckItem",
};

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

function clauseText(clause: Clause, to: Placeholders): string {
  const path = to.path(clause.path);
  switch (clause.test) {
    case "exists":
      return `attribute_exists(${path})`;
    case "absent":
      return `attribute_not_exists(${path})`;
    case "below":
      // A comparison with an absent attribute does not hold.
      return `NOT (${path} >= ${to.value(clause.value)})`;
    case "size<":
      return `size(${path}) < ${to.value(clause.value)}`;
    case "size>=":
      return `size(${path}) >= ${to.value(clause.value)}`;
    default:
      return `${path} ${clause.test} ${to.value(clause.value)}`;
  }
}

function updateText(changes: readonly Change[], to: Placeholders): string {
  const sets: string[] = [];
  const removes: string[] = [];
  for (const change of changes) {
    const path = to.path(change.path);
    switch (change.do) {
      case "set":
        sets.push(`${path} = ${to.value(change.to)}`);
        break;
      case "add":
        sets.push(`${path} = ${to.path(change.of)} + ${to.value(change.by)}`);
        break;
      case "count":
        sets.push(`${path} = ${orZero(change.of, to)} + ${to.value(change.by)}`);
        break;
      case "setDifference":
        sets.push(`${path} = ${to.value(change.to)} - ${to.path(change.minus)}`);
        break;
      case "remove":
        removes.push(path);
        break;
    }
  }
  const parts = [];
  if (sets.length > 0) parts.push(`SET ${sets.join(", ")}`);
  if (removes.length > 0) parts.push(`REMOVE ${removes.join(", ")}`);
  return parts.join(" ");
}

function orZero(of: Path, to: Placeholders): string {
  return `if_not_exists(${to.path(of)}, ${to.value(0)})`;
}

/**
 * The parts of a write's expression that all kinds of writes share.
 * @throws ItemTooLarge
 */
function expression(write: Write) {
  const to = new Placeholders();
  const update = write.kind === "update" ? updateText(write.changes, to) : undefined;
  const intent =
    write.intentOf === undefined ? absent(INTENT) : equals(INTENT_CHANGE, write.intentOf);
  const clauses = [intent, ...write.when];
  const condition = clauses.map((clause) => clauseText(clause, to)).join(" AND ");
  checkExpression(condition, operatorsOf(clauses));
  if (write.kind === "update") checkExpression(update ?? "", operatorsIn(write.changes));
  const names = [...to.names].map(([name, placeholder]) => [placeholder, name]);
  return {
    update,
    common: {
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string>,
      ...(to.values.size === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(to.values) }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    },
  };
}

/** Every write is conditional: the item has no intent, or that of the write's own change. */
export function toTransactItem(write: Write, tableName: string): TransactItem {
  const { update, common } = expression(write);
  const placed = { TableName: tableName, ...common };
  switch (write.kind) {
    case "put":
      return { Put: { ...placed, Item: write.item } };
    case "update":
      return { Update: { ...placed, Key: keyOf(write), UpdateExpression: update ?? "" } };
    case "delete":
      return { Delete: { ...placed, Key: keyOf(write) } };
    case "check":
      return { ConditionCheck: { ...placed, Key: keyOf(write) } };
  }
}

/** A single write outside of transactions. */
export function toSingle(write: Write, tableName: string) {
  const { update, common } = expression(write);
  const placed = { TableName: tableName, ...common };
  switch (write.kind) {
    case "put":
      return { kind: "put", input: { ...placed, Item: write.item } } as const;
    case "update": {
      const input = { ...placed, Key: keyOf(write), UpdateExpression: update ?? "" };
      return { kind: "update", input } as const;
    }
    case "delete":
      return { kind: "delete", input: { ...placed, Key: keyOf(write) } } as const;
    case "check":
      throw new Error("a check is no write of its own");
  }
}
