/** Bodies of requests and answers: items are converted where DynamoDB's API has them. */
import { decodeItem, encodeItem, type WireItem } from "./items.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Converts the items in `fields`; absent fields are left out. */
type Convert = (name: string, value: unknown) => unknown;

function converted(fields: Fields, convert: Convert): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined && value !== null) result[name] = convert(name, value);
  }
  return result;
}

/** A map from tables to keys. */
function keysByTable(tables: Fields, convert: (key: object) => unknown): Fields {
  return converted(tables, (_, wanted) =>
    converted(wanted as Fields, (name, value) =>
      name === "Keys" ? (value as object[]).map(convert) : value,
    ),
  );
}

/** @returns the body as JSON */
export function encodeInput(input: object): string {
  return JSON.stringify(converted(input as Fields, encodeField));
}

function encodeField(name: string, value: unknown): unknown {
  switch (name) {
    case "Item":
    case "Key":
    case "ExclusiveStartKey":
    case "ExpressionAttributeValues":
      return encodeItem(value as object);
    case "TransactItems":
      return (value as Fields[]).map((action) =>
        converted(action, (_, fields) => converted(fields as Fields, encodeField)),
      );
    case "RequestItems":
      return keysByTable(value as Fields, encodeItem);
    default:
      return value;
  }
}

/** Errors keep their items as they are on the wire. */
export function decodeAnswer(answer: Fields): Record<string, unknown> {
  return converted(answer, decodeField);
}

const decodeItems = (items: unknown) => (items as WireItem[]).map(decodeItem);

function decodeField(name: string, value: unknown): unknown {
  switch (name) {
    case "Item":
    case "Attributes":
    case "LastEvaluatedKey":
      return decodeItem(value as WireItem);
    case "Items":
      return decodeItems(value);
    case "Responses":
      // Of transactions by position, of batches by table.
      return Array.isArray(value)
        ? value.map((each: Fields) => converted(each, decodeField))
        : converted(value as Fields, (_, items) => decodeItems(items));
    case "UnprocessedKeys":
      return keysByTable(value as Fields, (key) => decodeItem(key as WireItem));
    default:
      return value;
  }
}
