/**
 * Items as DynamoDB's JSON has them. The values are those of the SDK's document client, to which
 * `test/table/wire.test.ts` compares them.
 */

/** An attribute on the wire: its type is the only key. */
interface WireValue {
  readonly N?: string;
  readonly S?: string;
  /** In base64; bytes where the SDK has read the answer. */
  readonly B?: string | Uint8Array;
  readonly M?: WireItem;
  readonly L?: readonly WireValue[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly (string | Uint8Array)[];
}
export type WireItem = Readonly<Record<string, WireValue>>;

export function decodeItem(item: WireItem): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const name in item) decoded[name] = decode(item[name] as WireValue);
  return decoded;
}

/** The most frequent types first. */
function decode(value: WireValue): unknown {
  if (value.N !== undefined) return numberOf(value.N);
  if (value.S !== undefined) return value.S;
  if (value.M !== undefined) return decodeItem(value.M);
  if (value.B !== undefined) return bytesOf(value.B);
  if (value.L !== undefined) return value.L.map(decode);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL) return null;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(numberOf));
  if (value.BS !== undefined) return new Set(value.BS.map(bytesOf));
  throw new Error(`an attribute of an unknown type: ${Object.keys(value)[0]}`);
}

/** @throws SyntaxError for a number beyond 2^53 that is no integer */
function numberOf(text: string): number | bigint {
  const number = Number(text);
  return Math.abs(number) > Number.MAX_SAFE_INTEGER ? BigInt(text) : number;
}

/** Copies the bytes, as the SDK does: a slice would keep Node's buffer pool in memory. */
function bytesOf(given: string | Uint8Array): Uint8Array {
  return typeof given === "string" ? Uint8Array.from(Buffer.from(given, "base64")) : given;
}

/**
 * Attributes that are undefined are left out.
 * @throws Error for what DynamoDB cannot store, and for numbers that have lost digits
 */
export function encodeItem(item: object): WireItem {
  const encoded: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) encoded[name] = encode(value);
  }
  return encoded;
}

function encodeMap(entries: Iterable<readonly [string, unknown]>): WireValue {
  const encoded: Record<string, WireValue> = {};
  for (const [name, value] of entries) encoded[name] = encode(value);
  return { M: encoded };
}

function encode(value: unknown): WireValue {
  switch (typeof value) {
    case "string":
      return { S: value };
    case "number":
      return { N: textOf(value) };
    case "bigint":
      return { N: value.toString() };
    case "boolean":
      return { BOOL: value };
    case "object":
      return encodeObject(value);
    default:
      throw new Error(`a value of the type ${typeof value} cannot be stored`);
  }
}

function encodeObject(value: object | null): WireValue {
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: base64Of(value) };
  if (Array.isArray(value)) return { L: value.map(encode) };
  if (value instanceof Set) return encodeSet([...value]);
  if (value instanceof Map) return encodeMap(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return encodeMap(Object.entries(value));
  }
  throw new Error("an object of a class cannot be stored");
}

/** All members have the type of the first one. */
function encodeSet(members: readonly unknown[]): WireValue {
  const encoded = members.map(encode);
  const [first] = encoded;
  if (first?.S !== undefined) return { SS: encoded.map(({ S }) => member(S)) };
  if (first?.N !== undefined) return { NS: encoded.map(({ N }) => member(N)) };
  if (first?.B !== undefined) return { BS: encoded.map(({ B }) => member(B)) };
  throw new Error("a set holds at least one member: texts, numbers or bytes");
}

function member<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the members of a set have different types");
  return value;
}

function textOf(number: number): string {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number.toString();
  throw new Error(`the number ${number} cannot be stored as it is`);
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
