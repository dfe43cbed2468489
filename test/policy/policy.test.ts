import { describe, expect, it } from "vitest";
import { operations } from "../../functions/index.ts";
import type { Identity } from "../../lib/api/identity.ts";
import { PolicyError } from "../../lib/api/policy/parse.ts";
import { GUARD_NAMES, POLICY_PRESETS, presetRules } from "../../lib/api/policy/rules.ts";
import { Policy } from "../../lib/api/policy.ts";
import { Query } from "../../lib/api/query.ts";

function caller(roles: string[], more: Partial<Identity> = {}): Identity {
  return { user: "ann", project: "p1", roles, system: false, ...more };
}

const OWN = { project_id: "p1", user_id: "ann" };

const show = "placement:resource_providers:show";
const reshape = "placement:reshaper:reshape";
const usages = "placement:usages";

describe("the presets", () => {
  it("have a rule for every operation, and no rule that guards nothing", () => {
    const none = new Query([]);
    const used = operations.flatMap((operation) => [
      ...(operation.rule === undefined ? [] : [operation.rule]),
      ...(operation.alsoRules?.(none) ?? []),
    ]);
    expect(GUARD_NAMES).toEqual(expect.arrayContaining(used));
    expect(GUARD_NAMES.filter((name) => !used.some((each) => each === name))).toEqual([]);
  });

  it.each(POLICY_PRESETS)("hold together: %s", (preset) => {
    expect(new Policy(preset).unknown).toEqual([]);
  });

  it.each([
    ["secure", show, ["admin"], "permitted"],
    ["secure", show, ["service"], "permitted"],
    ["secure", show, ["SERVICE"], "permitted"],
    ["secure", show, ["reader"], "forbidden"],
    ["secure", show, [], "forbidden"],
    ["secure", reshape, ["service"], "permitted"],
    ["secure", reshape, ["admin"], "forbidden"],
    ["secure", usages, ["reader"], "permitted"],
    ["secure", usages, ["member"], "forbidden"],
    ["secure", "admin_api", ["admin"], "permitted"],
    ["legacy", show, ["admin"], "permitted"],
    ["legacy", show, ["reader"], "forbidden"],
    ["legacy", reshape, ["admin"], "permitted"],
    ["legacy", reshape, ["service"], "permitted"],
    ["legacy", reshape, ["reader"], "forbidden"],
    ["open", reshape, [], "permitted"],
    ["open", usages, [], "permitted"],
    ["open", "placement:nothing", ["admin"], "forbidden"],
  ] as const)("%s: %s with the roles %j is %s", (preset, rule, roles, verdict) => {
    expect(new Policy(preset).decide(rule, caller([...roles]), OWN)).toBe(verdict);
  });

  it("let a reader see the usages of its own project alone", () => {
    const policy = new Policy("secure");
    const other = { project_id: "p2" };
    expect(policy.decide(usages, caller(["reader"]), other)).toBe("forbidden");
    expect(policy.decide(usages, caller(["reader"]), {})).toBe("forbidden");
    expect(policy.decide(usages, caller(["admin"]), other)).toBe("permitted");
  });

  it.each(POLICY_PRESETS)("refuse system scope whatever a rule says: %s", (preset) => {
    const identity = caller(["admin", "service"], { system: true, project: undefined });
    expect(new Policy(preset, { [show]: "@" }).decide(show, identity, OWN)).toBe("wrong_scope");
  });

  it("add the role admin in legacy to the four rules that succeed a deprecated one", () => {
    const [secure, legacy] = [presetRules("secure"), presetRules("legacy")];
    const changed = Object.keys(legacy).filter((name) => legacy[name] !== secure[name]);
    expect(changed.sort()).toEqual([
      "admin_or_project_reader_or_service_api",
      "admin_or_service_api",
      "project_reader_api",
      "service_api",
    ]);
    for (const name of changed) expect(legacy[name]).toBe(`(${secure[name]}) or role:admin`);
  });
});

describe("overridden rules", () => {
  it("replace the preset's rule as a whole, and lose what legacy adds", () => {
    const policy = new Policy("legacy", { "placement:traits:list": "role:reader" });
    expect(policy.decide("placement:traits:list", caller(["reader"]), OWN)).toBe("permitted");
    expect(policy.decide("placement:traits:list", caller(["admin"]), OWN)).toBe("forbidden");
    expect(policy.decide("placement:traits:show", caller(["admin"]), OWN)).toBe("permitted");
  });

  it.each([
    ["admin_or_service_api", show, []],
    ["service_api", reshape, []],
    ["admin_or_project_reader_or_service_api", usages, []],
    // A rule that is named by another one keeps the addition of that other one.
    ["project_reader_api", usages, ["admin"]],
  ] as const)("leave admin nothing of legacy where %s is overridden", (base, guard, roles) => {
    const policy = new Policy("legacy", { [base]: "role:operator" });
    expect(policy.decide(guard, caller(["operator"]), OWN)).toBe("permitted");
    const verdict = roles.length === 0 ? "forbidden" : "permitted";
    expect(policy.decide(guard, caller(["admin"]), OWN)).toBe(verdict);
  });

  it("change what other rules are made of", () => {
    const policy = new Policy("secure", { admin_or_service_api: "role:operator" });
    expect(policy.decide("placement:traits:list", caller(["operator"]), OWN)).toBe("permitted");
    expect(policy.decide("placement:traits:list", caller(["admin"]), OWN)).toBe("forbidden");
  });

  it("may define names of their own, and tell of guards that do not exist", () => {
    const policy = new Policy("secure", {
      observer: [["role:observer", "project_id:ops"]],
      "placement:usages": "rule:admin_api or rule:observer",
      "placement:usage": "@",
    });
    const observer = caller(["observer"], { project: "ops" });
    expect(policy.decide("placement:usages", observer, {})).toBe("permitted");
    expect(policy.decide("placement:usages", caller(["observer"]), {})).toBe("forbidden");
    expect(policy.unknown).toEqual(["placement:usage"]);
  });

  it.each([
    [{ a: "rule:a" }, "rule a names rule a"],
    [{ a: "rule:b", b: "not rule:c", c: [["@", "rule:a"]] }, "rule a names rule b names rule c"],
    [{ admin_api: "rule:admin_or_service_api", admin_or_service_api: "rule:admin_api" }, "names"],
    [{ a: "rule:nobody" }, "rule a names rule nobody, which does not exist"],
    [{ a: "rule:constructor" }, "rule a names rule constructor, which does not exist"],
    [{ a: "role:x or" }, "rule a: it ends where a check should be"],
  ])("are refused: %j", (overrides, words) => {
    const made = () => new Policy("secure", overrides);
    expect(made).toThrow(PolicyError);
    expect(made).toThrow(words);
  });

  const chain = (length: number) =>
    Array.from({ length }, (_, index) => [`r${index}`, index === 0 ? "@" : `rule:r${index - 1}`]);

  it("may name one another 32 deep, in any order", () => {
    const policy = new Policy("secure", Object.fromEntries(chain(32)));
    expect(policy.decide("r31", caller([]), OWN)).toBe("permitted");
    for (const rules of [chain(33), chain(33).reverse()]) {
      expect(() => new Policy("secure", Object.fromEntries(rules))).toThrow("more than 32 rules");
    }
  });

  it("are asked once each, however often they are named", () => {
    const wide = Array.from({ length: 30 }, (_, index) => {
      const next = `rule:r${index - 1}`;
      return [`r${index}`, index === 0 ? "!" : `${next} or ${next} or ${next} or ${next}`];
    });
    const policy = new Policy("secure", Object.fromEntries(wide));
    expect(policy.decide("r29", caller([]), OWN)).toBe("forbidden");
  });

  it("are at most 500", () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`r${index}`, "@"]));
    expect(() => new Policy("secure", many)).toThrow("more than 500 rules");
  });
});
