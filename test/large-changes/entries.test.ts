/** What tells that an item is as a large change read it. */
import { describe, expect, test } from "vitest";
import { guard, replan } from "../../lib/store/changes/guarded-write.ts";
import { customNameKey } from "../../lib/store/items/custom-name.ts";
import { intentWrite } from "../../lib/store/large-changes/entries.ts";
import { holds, outcomeOf } from "../../lib/store/table/expression-evaluator.ts";
import { add, count, type Write } from "../../lib/store/table/expressions.ts";
import type { Item } from "../../lib/store/table/item.ts";

const key = customNameKey("CLASSES", "CUSTOM_A");

/** A use that begins or ends, as `custom-uses.ts` writes it. */
const use = (by: number): Write => ({
  kind: "update",
  key,
  changes: [add(["users"], by), count(["version"], 1)],
  when: [],
});

describe("the write intent of a custom name", () => {
  test.each([
    ["was never used", { ...key, id: 65_536, users: 0, updated: 5 }],
    ["has been used", { ...key, id: 65_536, users: 3, version: 7, updated: 5 }],
  ])("of one that %s does not pass a use that began and ended meanwhile", (_, old: Item) => {
    const entry = { guarded: guard(use(1), () => replan), key, old };
    const { when } = intentWrite(entry, "change");
    expect(when.every((clause) => holds(clause, old))).toBe(true);
    const now = outcomeOf(use(-1), outcomeOf(use(1), old));
    expect(when.every((clause) => holds(clause, now))).toBe(false);
  });
});
