/** UUIDs in the forms that Placement's clients send. */

/** A UUID in its canonical form: lower case, with dashes. */
export type Uuid = string;

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_WRITTEN = 64;

export function isCanonicalUuid(text: string): boolean {
  return CANONICAL.test(text);
}

/**
 * The canonical form of whatever Python's `uuid.UUID` accepts: any case, dashes
 * anywhere or nowhere, braces, `urn:uuid:`. Undefined if it is none.
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

function formatUuid(hex: string): Uuid {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
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
