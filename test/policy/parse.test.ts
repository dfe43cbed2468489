import { describe, expect, it } from "vitest";
import type { Identity } from "../../lib/api/identity.ts";
import { passes } from "../../lib/api/policy/check.ts";
import { MAX_DEPTH, MAX_RULE_LENGTH, PolicyError, parseRule } from "../../lib/api/policy/parse.ts";
import type { Rule } from "../../lib/api/policy/rules.ts";

const CALLER: Identity = { user: "ann", project: "p1", roles: ["Reader", "a"], system: false };
const TARGET = { project_id: "p1", user_id: "ann" };

function asked(rule: Rule, identity: Partial<Identity> = {}, target: object = TARGET): boolean {
  const question = {
    identity: { ...CALLER, ...identity },
    target,
    rule: (name: string) => name === "yes",
  };
  return passes(parseRule(rule), question);
}

const nested = (depth: number) => `${"(".repeat(depth)}@${")".repeat(depth)}`;

describe("a policy rule", () => {
  it.each<[Rule, boolean]>([
    ["@", true],
    ["!", false],
    ["", true],
    ["role:reader", true],
    ["role:READER", true],
    ["role:admin", false],
    ["rule:yes", true],
    ["rule:no", false],
    ["user_id:ann", true],
    ["user_id:ANN", false],
    ["user_id:%(user_id)s", true],
    ["project_id:%(project_id)s", true],
    ["project_id:p2", false],
    ["project_id:p%%1", false],
    ["roles:Reader", true],
    ["roles:reader", false],
    ["system_scope:all", false],
    ["'p1':%(project_id)s", true],
    ['"p2":%(project_id)s', false],
    ["True:True", true],
    ["None:%(user_id)s", false],
    ["7:7", true],
  ])("answers a single check: %j is %s", (rule, expected) => {
    expect(asked(rule)).toBe(expected);
  });

  it.each<[Rule, boolean]>([
    ["@ or ! and !", true],
    ["! and ! or @", true],
    ["(@ or !) and !", false],
    ["not ! and @", true],
    ["not (@ and @)", false],
    ["not not @", true],
    ["not @ or @", true],
    ["! or not !", true],
    ["@ AND NOT !", true],
    ["  @\tor\n! ", true],
    ["((role:reader))", true],
    ["( role:admin or role:reader ) and project_id:%(project_id)s", true],
    ["@ and @ and !", false],
    ["! or ! or @", true],
  ])("binds not before and, and before or: %j is %s", (rule, expected) => {
    expect(asked(rule)).toBe(expected);
  });

  it.each<[Rule, boolean]>([
    [[], true],
    [[[]], false],
    [[[], ["@"]], true],
    [["role:admin", "role:reader"], true],
    [[["role:reader", "role:admin"]], false],
    [[["role:reader", "project_id:%(project_id)s"], ["role:admin"]], true],
    [["!", ["!", "@"]], false],
  ])("has the older form of lists: %j is %s", (rule, expected) => {
    expect(asked(rule)).toBe(expected);
  });

  it("never equals what the target or the caller lacks", () => {
    expect(asked("user_id:%(user_id)s", {}, { project_id: "p1" })).toBe(false);
    expect(asked("project_id:%(project_id)s", { project: undefined }, {})).toBe(false);
    expect(asked("None:%(project_id)s", {}, {})).toBe(false);
    expect(asked("role:%(project_id)s", { roles: ["undefined"] }, {})).toBe(false);
    expect(asked("role:%(project_id)s", { roles: ["P1"] })).toBe(true);
  });

  it.each<[Rule, string]>([
    ["admin", "'admin' is not a check"],
    ["role:", "'role:' is not a check"],
    [":admin", "':admin' is not a check"],
    [" ", "it ends where a check should be"],
    ["role:a or", "it ends where a check should be"],
    ["or role:a", "a check is missing before 'or'"],
    ["role:a and or role:b", "a check is missing before 'or'"],
    ["()", "a check is missing before ')'"],
    ["(role:a", "a ')' is missing"],
    ["role:a)", "a ')' has no '('"],
    ["role:a role:b", "'and' or 'or' is missing before 'role:b'"],
    ["role:a not role:b", "'and' or 'or' is missing before 'not'"],
    ["role:a (role:b)", "'and' or 'or' is missing before '('"],
    ["not(role:a)", "'not(role' is not an attribute of a caller"],
    ["'quoted'", "is not a check"],
    ["is_admin:True", "'is_admin' is not an attribute of a caller: use user_id"],
    ["__proto__:x", "'__proto__' is not an attribute"],
    ["user_id:%(owner)s", "'owner' is not an attribute of a target: use project_id"],
    ["user_id:%(__proto__)s", "'__proto__' is not an attribute"],
    ["user_id:%s", "has a '%' that is not %(NAME)s"],
    ["user_id:%(user_id)d", "has a '%' that is not %(NAME)s"],
    ["http://policy.example/%(user_id)s", "queries another server, which is not supported"],
    ["https://policy.example/", "queries another server"],
    [["role:a or role:b", "x"], "'x' is not a check"],
    [[["role:a", "!!"]], "'!!' is not a check"],
    ["a".repeat(MAX_RULE_LENGTH + 1), "longer than 4096 characters"],
    [["a".repeat(MAX_RULE_LENGTH + 1)], "longer than 4096 characters"],
    [Array.from({ length: 257 }, () => "@"), "more than 256 checks"],
    [nested(MAX_DEPTH + 1), "nests deeper than 32 levels"],
    [`${"not ".repeat(MAX_DEPTH + 1)}@`, "nests deeper than 32 levels"],
  ])("is refused in one line: %j", (rule, words) => {
    const refused = () => parseRule(rule);
    expect(refused).toThrow(PolicyError);
    expect(refused).toThrow(words);
  });

  it("may be as deep and as long as the limits say", () => {
    expect(asked(nested(MAX_DEPTH))).toBe(true);
    const long = `${"! or ".repeat(819)}@`;
    expect(long.length).toBe(MAX_RULE_LENGTH);
    expect(asked(long)).toBe(true);
  });
});
