/** The operators and functions of an expression are counted as DynamoDB counts them. */
import { expect, test } from "vitest";
import {
  absent,
  add,
  count,
  equals,
  sizeBelow,
  toSingle,
} from "../../lib/store/table/expressions.ts";
import { faultOf } from "../../lib/store/table/faults.ts";
import { ItemTooLarge } from "../../lib/store/table/refusals.ts";

const update = (changes: Parameters<typeof add>[], when: ReturnType<typeof equals>[]) =>
  toSingle(
    {
      kind: "update",
      key: { pk: "p", sk: "s" },
      changes: changes.map((each) => add(...each)),
      when,
    },
    "table",
  );

test.each([
  ["299 in a condition pass", () => update([], equalities(149)), true],
  ["301 do not", () => update([], equalities(150)), false],
  ["200 sums pass", () => update(sums(200), []), true],
  ["301 do not", () => update(sums(301), []), false],
])("%s", (_, make, passes) => {
  if (passes) expect(make).not.toThrow();
  else expect(make).toThrow(ItemTooLarge);
});

const equalities = (length: number) => Array.from({ length }, () => equals(["a"], 1));
const sums = (length: number) => Array.from({ length }, (): Parameters<typeof add> => [["a"], 1]);

test("functions are operators too", () => {
  const write = (clauses: number, counts: number) => () =>
    toSingle(
      {
        kind: "update",
        key: { pk: "p", sk: "s" },
        changes: Array.from({ length: counts }, () => count(["a"], 1)),
        when: Array.from({ length: clauses }, (_, n) =>
          n % 2 === 0 ? absent("b") : sizeBelow(["c"], 1),
        ),
      },
      "table",
    );
  expect(write(50, 50)).not.toThrow();
  expect(write(121, 1)).toThrow(ItemTooLarge);
  expect(write(1, 151)).toThrow(ItemTooLarge);
});

test("what DynamoDB itself says of operators is a refusal for good", () => {
  const message =
    "Invalid ConditionExpression: The expression contains too many operators; operator count: 301";
  const error = Object.assign(new Error(message), {
    name: "ValidationException",
    $metadata: { httpStatusCode: 400 },
  });
  expect(faultOf(error)).toEqual({ kind: "too_large" });
});
