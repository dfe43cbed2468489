/**
 * JSON values as Python prints them: Placement's schema errors show values this way in
 * their `detail`.
 */
const MAX_REPR = 400;

function quote(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return text.includes("'") && !text.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`;
}

function repr(value: unknown, depth: number): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return quote(value.slice(0, MAX_REPR));
  if (typeof value === "number") {
    if (Number.isFinite(value)) return String(value);
    return value > 0 ? "inf" : "-inf";
  }
  if (depth === 0) return "...";
  if (Array.isArray(value)) return `[${value.map((part) => repr(part, depth - 1)).join(", ")}]`;
  const entries = Object.entries(value as Record<string, unknown>);
  return `{${entries.map(([key, part]) => `${quote(key)}: ${repr(part, depth - 1)}`).join(", ")}}`;
}

/** `value` as Python's `repr` writes it, cut off at a few hundred characters. */
export function pythonRepr(value: unknown): string {
  const text = repr(value, 8);
  return text.length <= MAX_REPR ? text : `${text.slice(0, MAX_REPR)}...`;
}
