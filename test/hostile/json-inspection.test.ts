/** The walk over JSON before its schema: which fault it finds, and which of two comes first. */
import { describe, expect, test } from "vitest";
import { inspect } from "../../lib/api/json-inspection.ts";
import { LIMITS } from "../../lib/api/limits.ts";

const LONE = "\ud800";
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const ones = (count: number) => Array.from({ length: count }, () => 1);

const DEEP = `at most ${LIMITS.bodyDepth} objects and arrays inside each other`;
const WIDE = `at most ${LIMITS.bodyMembers} members in an object or array`;
const MANY = `at most ${LIMITS.bodyValues} values`;

describe("limits", () => {
  test.each<[string, unknown, string | undefined]>([
    ["a number", 1, undefined],
    ["as deep as it may be", nested(LIMITS.bodyDepth), undefined],
    ["one level deeper", nested(LIMITS.bodyDepth + 1), DEEP],
    ["as many members as there may be", ones(LIMITS.bodyMembers), undefined],
    ["one member more", { a: ones(LIMITS.bodyMembers + 1) }, WIDE],
    ["many values", Array.from({ length: 13 }, () => ones(LIMITS.bodyMembers)), MANY],
    ["more members than values", ones(LIMITS.bodyValues + 1), WIDE],
    ["members outside what is too deep", [nested(40), ones(LIMITS.bodyMembers + 1)], WIDE],
    ["values outside what is too deep", [nested(40), ...ones(13).map(() => ones(20_000))], MANY],
  ])("%s", (_, document, beyond) => {
    expect(inspect(document)).toEqual({ beyond, unsound: undefined });
  });

  test("hold for the body of an event, and count from it", () => {
    const event = { parameters: ones(LIMITS.bodyMembers + 1), body: nested(LIMITS.bodyDepth) };
    expect(inspect(event, "body").beyond).toBeUndefined();
    expect(inspect({ body: nested(LIMITS.bodyDepth + 1) }, "body").beyond).toBe(DEEP);
    expect(inspect({ x: { body: nested(40) } }, "body").beyond).toBeUndefined();
  });
});

describe("unsound text", () => {
  test.each<[string, unknown, string]>([
    ["a value", { a: [LONE] }, "is not well-formed Unicode\n\nOn instance['a'][0]"],
    ["a key", { a: { [LONE]: 1 } }, "is not well-formed Unicode\n\nOn instance['a']"],
    ["__proto__", JSON.parse('[{"__proto__":1}]'), "was unexpected)\n\nOn instance[0]"],
    ["the last of two", [LONE, "x", LONE], "On instance[2]"],
    ["a key before values", JSON.parse('{"a":"\\ud800","__proto__":1}'), "was unexpected)"],
  ])("%s is found, with its path", (_, document, words) => {
    expect(inspect(document).unsound).toContain(words);
  });

  test("is found beside a limit", () => {
    expect(inspect([LONE, nested(40)])).toMatchObject({ beyond: DEEP });
    expect(inspect([LONE, nested(40)]).unsound).toContain("On instance[0]");
  });

  test("of an event is found outside its body too", () => {
    expect(inspect({ caller: LONE, body: 1 }, "body").unsound).toContain("instance['caller']");
    expect(inspect({ body: { a: LONE } }, "body").unsound).toContain("instance['body']['a']");
  });
});
