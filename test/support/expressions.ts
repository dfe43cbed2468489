/** Checks what is sent to DynamoDB: no expression may contain a name or a value itself. */
import type { Call } from "./interpose.ts";

const EXPRESSION = /Expression$/;
const TOKEN = /\s*(#[a-z0-9]+|:[a-z0-9]+|[A-Za-z_]+|<=|>=|<>|[=<>+\-(),.])/y;
const WORDS = new Set([
  ...["SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"],
  ...["attribute_exists", "attribute_not_exists", "begins_with", "size"],
  ...["if_not_exists", "list_append", "contains", "attribute_type"],
]);

/** What of `text` is neither a placeholder nor DynamoDB's own. */
function foreignIn(text: string): string[] {
  const found: string[] = [];
  let index = 0;
  while (index < text.length) {
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(text);
    const token = match?.[1];
    if (match === null || token === undefined) return [...found, text.slice(index).trim()];
    if (/^[A-Za-z_]/.test(token) && !WORDS.has(token)) found.push(token);
    index += match[0].length;
  }
  return found;
}

export interface Expressions {
  /** All expressions of a call, by where they stand. */
  readonly texts: readonly string[];
  /** Names and values that stand in an expression itself. */
  readonly foreign: readonly string[];
}

export function expressionsOf({ input }: Call): Expressions {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, part] of Object.entries(value)) {
      if (EXPRESSION.test(name) && typeof part === "string") texts.push(part);
      // What is stored may have any names.
      else if (name !== "Item" && name !== "ExpressionAttributeValues") visit(part);
    }
  };
  visit(input);
  return { texts, foreign: texts.flatMap(foreignIn) };
}
