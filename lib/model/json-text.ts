/** Parts of JSON text, each exactly as `JSON.stringify` writes it. */

/** A number; `null` for what JSON has no number for. */
export function jsonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}

/** A text with its quotes. */
export function jsonString(value: string): string {
  return JSON.stringify(value);
}
