/** Bodies as DynamoDB answers them, made from items. */
import { marshall } from "@aws-sdk/util-dynamodb";

/** Lists of items stay lists. */
export function bodyOf(items: readonly unknown[]): string {
  return JSON.stringify({ Items: items.map(onWire) }, encodeBytes);
}

function onWire(item: unknown): unknown {
  return Array.isArray(item) ? item.map(onWire) : marshall(item);
}

function encodeBytes(this: unknown, key: string, value: unknown): unknown {
  const holder = this as Record<string, unknown>;
  const raw = holder[key];
  if (raw instanceof Uint8Array) return Buffer.from(raw).toString("base64");
  return value;
}
