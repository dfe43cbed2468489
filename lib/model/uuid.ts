/** UUIDs in the forms that Placement's clients send. */

declare const compared: unique symbol;

/**
 * A UUID in its canonical form: lower case, with dashes. Only this file and `uuidLike()` of
 * lib/api/schemas.ts create one, so that a client's text is never compared in its own
 * spelling.
 */
export type Uuid = string & { readonly [compared]: "uuid" };

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_WRITTEN = 64;

export function isCanonicalUuid(text: string): boolean {
  return CANONICAL.test(text);
}

/**
 * The canonical form of every text that Python's `uuid.UUID` accepts: any case, dashes
 * anywhere or nowhere, braces, `urn:uuid:`. Undefined for other texts.
 */
export function parseUuid(text: string): Uuid | undefined {
  if (text.length > MAX_WRITTEN) return undefined;
  const hex = withoutBraces(text.replace("urn:", "").replace("uuid:", ""))
    .replaceAll("-", "")
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return formatUuid(hex);
}

/** Python strips any number of them, of either kind, from both ends. */
function withoutBraces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBrace(text[start])) start += 1;
  while (end > start && isBrace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

const isBrace = (character: string | undefined) => character === "{" || character === "}";

export function isUuidLike(text: string): boolean {
  return parseUuid(text) !== undefined;
}

/**
 * For paths and keys. Placement also looks up texts that are not UUIDs, and keeps a consumer
 * under any 36 hex digits and dashes: such a text is used as it is spelled.
 */
export function uuidOrItself(text: string): Uuid {
  return parseUuid(text) ?? (text as Uuid);
}

/** A UUID from a key of the table: an earlier release may have stored another spelling. */
export function storedUuid(text: string): Uuid {
  return text as Uuid;
}

/** In place of a missing UUID: no item has it. */
export const NO_UUID = "" as Uuid;

function formatUuid(hex: string): Uuid {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return parts.join("-") as Uuid;
}

/** The 16 bytes of a canonical UUID. */
export function uuidToBytes(uuid: Uuid): Uint8Array {
  const hex = uuid.replaceAll("-", "");
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i += 1) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function bytesToUuid(bytes: Uint8Array): Uuid {
  return formatUuid(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
