/**
 * DynamoDB's limits on one expression. A larger expression is refused before it is sent:
 * engines report the excess differently, and some execute what DynamoDB refuses.
 *
 * Source: DynamoDB's Developer Guide, "Expression parameters", in "Constraints". The count of
 * operators was measured on Amazon's DynamoDB Local: each comparison, AND, + and -, and each
 * function, is one; neither the = of SET nor REMOVE is.
 */

import { ItemTooLarge } from "./refusals.ts";

const MAX_OPERATORS = 300;
const MAX_BYTES = 4_096;

/** Clauses of a function, or NOT, and a comparison. */
const OF_TWO: ReadonlySet<string> = new Set(["size<", "size>=", "below"]);

/** Operators of a condition: `clauses` joined by AND. */
export function operatorsOf(clauses: readonly { readonly test: string }[]): number {
  const own = clauses.map(({ test }) => (OF_TWO.has(test) ? 2 : 1));
  return sum(own) + Math.max(0, clauses.length - 1);
}

/** Operators by the kind of a change. */
const OPERATORS = {
  set: 0,
  remove: 0,
  add: 1,
  setDifference: 1,
  // if_not_exists and +
  count: 2,
} as const;

export function operatorsIn(changes: readonly { readonly do: keyof typeof OPERATORS }[]): number {
  return sum(changes.map((change) => OPERATORS[change.do]));
}

/** @throws ItemTooLarge */
export function checkExpression(text: string, operators: number): void {
  if (operators > MAX_OPERATORS || Buffer.byteLength(text) > MAX_BYTES) throw new ItemTooLarge();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
