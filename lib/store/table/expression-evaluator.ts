/**
 * Evaluates clauses and changes in the function instead of in DynamoDB: a large change is
 * checked and its after-images are computed before it is written. The meaning is that of the
 * expressions in `expressions.ts`.
 */
import { isDeepStrictEqual } from "node:util";
import type { Change, Clause, Path, Write } from "./expressions.ts";
import type { Item } from "./item.ts";

type Value = unknown;
type Values = Record<string, Value>;

function valueAt(item: Item | undefined, path: Path): Value {
  let value: Value = item;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Values)[name];
  }
  return value;
}

/** Whether `clause` holds for `item`; a comparison with an absent value does not hold. */
export function holds(clause: Clause, item: Item | undefined): boolean {
  const value = valueAt(item, clause.path);
  switch (clause.test) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "=":
      return isDeepStrictEqual(plain(value), plain(clause.value));
    case ">=":
      return typeof value === "number" && value >= (clause.value as number);
    case "<=":
      return typeof value === "number" && value <= (clause.value as number);
    case "below":
      return !(typeof value === "number" && value >= clause.value);
    case "size<":
    case "size>=": {
      const size = sizeOf(value);
      if (size === undefined) return false;
      return clause.test === "size<" ? size < clause.value : size >= clause.value;
    }
  }
}

/** Bytes may be a `Buffer` or a `Uint8Array`, which are equal if their bytes are. */
function plain(value: Value): Value {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

function sizeOf(value: Value): number | undefined {
  if (typeof value === "string" || value instanceof Uint8Array || Array.isArray(value)) {
    return value.length;
  }
  return typeof value === "object" && value !== null ? Object.keys(value).length : undefined;
}

/** The item after `write`; undefined: there is none. */
export function outcomeOf(write: Write, item: Item | undefined): Item | undefined {
  switch (write.kind) {
    case "put":
      return write.item;
    case "delete":
      return undefined;
    case "check":
      return item;
    case "update":
      return changed(item ?? { pk: write.key.pk, sk: write.key.sk }, write.changes);
  }
}

function changed(item: Item, changes: readonly Change[]): Item {
  const result = structuredClone(item) as Item & Values;
  for (const change of changes) apply(result, item, change);
  return result;
}

/** @param before the item from which the right-hand sides are computed */
function apply(result: Values, before: Item, change: Change): void {
  const { parent, name } = placeOf(result, change.path);
  switch (change.do) {
    case "set":
      parent[name] = change.to;
      break;
    case "add":
      parent[name] = numberAt(before, change.of) + change.by;
      break;
    case "count":
      parent[name] = ((valueAt(before, change.of) as number | undefined) ?? 0) + change.by;
      break;
    case "setDifference":
      parent[name] = change.to - numberAt(before, change.minus);
      break;
    case "remove":
      delete parent[name];
      break;
  }
}

function placeOf(item: Values, path: Path): { parent: Values; name: string } {
  const name = path.at(-1) ?? "";
  const parent = path.length === 1 ? item : valueAt(item as Item, path.slice(0, -1));
  if (typeof parent !== "object" || parent === null) {
    throw new Error(`a change of ${path.join(".")}, which has no parent`);
  }
  return { parent: parent as Values, name };
}

function numberAt(item: Item, path: Path): number {
  const value = valueAt(item, path);
  if (typeof value !== "number") throw new Error(`${path.join(".")} is no number`);
  return value;
}
