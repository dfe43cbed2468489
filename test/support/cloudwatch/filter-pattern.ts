/**
 * Patterns of metric filters, as far as ours go: a field of a line of JSON that equals a text.
 *
 * Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters".
 */
import * as z from "zod";

const PATTERN = /^\{ \$\.(\w+) = "([^"*]*)" \}$/;

/** @throws Error for other patterns */
export function matchesPattern(pattern: string, line: string): boolean {
  const [, field, text] = PATTERN.exec(pattern) ?? [];
  if (field === undefined) throw new Error(`no pattern of a kind that is known: ${pattern}`);
  const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(line));
  // A number is not the text of it.
  return parsed.success && parsed.data[field] === text;
}
