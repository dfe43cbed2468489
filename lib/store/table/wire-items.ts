/** Items as DynamoDB encodes them in the body of an answer. */

/** An attribute on the wire: its type is the only key. */
interface WireValue {
  readonly N?: string;
  readonly S?: string;
  readonly B?: string;
  readonly M?: WireItem;
  readonly L?: readonly WireValue[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
}
export type WireItem = Readonly<Record<string, WireValue>>;

export function decodeItem(item: WireItem): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const name in item) decoded[name] = decode(item[name] as WireValue);
  return decoded;
}

/** The most frequent types first. Sets are never stored, nor numbers beyond 2^53. */
function decode(value: WireValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.S !== undefined) return value.S;
  if (value.M !== undefined) return decodeItem(value.M);
  if (value.B !== undefined) return bytesOf(value.B);
  if (value.L !== undefined) return value.L.map(decode);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL) return null;
  throw new Error(`an attribute of an unknown type: ${Object.keys(value)[0]}`);
}

/** Copies the bytes, as the SDK does: a slice would keep Node's buffer pool in memory. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "base64"));
}
