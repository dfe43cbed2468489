/** Sizes of items, as DynamoDB counts them. */
import { expect, test } from "vitest";
import { sizeOf } from "./sizes.ts";

test.each([
  ["text in UTF-8", "é1", 3],
  ["a number, by its significant digits", 12_300, 3],
  ["bytes", new Uint8Array(16), 16],
  ["null", null, 1],
  ["a list: 3, and 1 for each element", ["a", "b"], 7],
  ["a map: 3, its names, and 1 for each entry", { ab: true }, 7],
])("%s", (_, value, bytes) => {
  expect(sizeOf(value)).toBe(bytes);
});
