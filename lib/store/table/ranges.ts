/** Which keys a query or a scan covers. */
import { INTENT, type Path } from "./expressions.ts";
import { Placeholders } from "./placeholders.ts";
import type { QueryOptions } from "./reader.ts";

/** What keeps a scan to partition keys that begin with `prefix`. */
export function beginningWith(prefix: string) {
  return {
    FilterExpression: "begins_with(#p, :p)",
    ExpressionAttributeNames: { "#p": "pk" },
    ExpressionAttributeValues: { ":p": prefix },
  };
}

/** Sorts after every sort key with a prefix: stored keys are ASCII. */
const LAST = "\u007f";
/** Appended to a string, it gives the next string. */
const NEXT = "\u0000";

/** Whether no key with `prefix` sorts after `after`, in the order of UTF-8. */
export function isPast(after: string, prefix: string): boolean {
  return isAfter(`${after}${NEXT}`, `${prefix}${LAST}`);
}

/** Whether `a` sorts after `b`, in the order of UTF-8. */
function isAfter(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
}

/** Whether no sort key can match: DynamoDB refuses such a range. */
export function isEmptyRange({ prefix, after, until }: QueryOptions): boolean {
  if (after === undefined) return false;
  if (until !== undefined) return isAfter(`${after}${NEXT}`, until);
  return prefix !== undefined && isPast(after, prefix);
}

/** What a query of `pk` says of its keys and attributes. */
export function range(pk: string, { limit, attributes, eventual = false, ...keys }: QueryOptions) {
  const { text, values } = sortCondition(keys);
  const projected = attributes && projection(attributes);
  const sortKey = text === "" && projected === undefined ? {} : { "#s": "sk" };
  return {
    ConsistentRead: !eventual,
    KeyConditionExpression: `#p = :p${text}`,
    ...(projected === undefined ? {} : { ProjectionExpression: projected.text }),
    ExpressionAttributeNames: { "#p": "pk", ...sortKey, ...projected?.names },
    ExpressionAttributeValues: { ":p": pk, ...values },
    ...(limit === undefined ? {} : { Limit: limit }),
  };
}

/**
 * The sort key and the write intent are always read: without these, no item's image can be decided.
 * The partition key is known.
 */
function projection(attributes: readonly Path[]) {
  const to = new Placeholders();
  const texts = [[INTENT], ...attributes].map((path) => to.path(path));
  const names = [...to.names].map(([name, placeholder]) => [placeholder, name]);
  return {
    text: ["#s", ...texts].join(", "),
    names: Object.fromEntries(names) as Record<string, string>,
  };
}

function sortCondition({ prefix, after, until }: QueryOptions) {
  if (until !== undefined) {
    if (after === undefined) return { text: " AND #s <= :e", values: { ":e": until } };
    return { text: " AND #s BETWEEN :s AND :e", values: { ":s": `${after}${NEXT}`, ":e": until } };
  }
  if (prefix !== undefined && after !== undefined) {
    const values = { ":s": `${after}${NEXT}`, ":e": `${prefix}${LAST}` };
    return { text: " AND #s BETWEEN :s AND :e", values };
  }
  if (after !== undefined) return { text: " AND #s > :s", values: { ":s": after } };
  if (prefix === undefined) return { text: "", values: {} };
  return { text: " AND begins_with(#s, :s)", values: { ":s": prefix } };
}
