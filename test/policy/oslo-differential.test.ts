/** Random policies, callers and targets: the policy decides as oslo.policy does. */
import { describe, expect, it } from "vitest";
import { GUARD_NAMES } from "../../lib/api/policy/rules.ts";
import { Policy, type PolicyPreset } from "../../lib/api/policy.ts";
import { type Chance, chance } from "../support/chance.ts";
import { BASE_NAMES, type Credentials, Oslo, type RuleText } from "./oslo-policy.ts";

const POLICIES = 250;
const QUESTIONS = 12;
const ROLES = ["admin", "service", "reader", "Member", "ops", "two words"];
const NAMES = ["ann", "bob", "p1", "p2", "100%"];
const OWN_RULES = ["own-0", "own-1", "own-2", "own-3"];
/** Each rule may name those before it, so that none names itself. */
const ORDER = [...OWN_RULES, ...BASE_NAMES, ...GUARD_NAMES];

const GUARDS = ["placement:usages", "placement:reshaper:reshape", "placement:traits:list"];
const ASKED = [...BASE_NAMES, ...GUARDS, "placement:consumers:list"];

class Rules {
  readonly #chance: Chance;
  readonly #names: readonly string[];

  /** @param names what may be named */
  constructor(chance: Chance, names: readonly string[]) {
    this.#chance = chance;
    this.#names = names;
  }

  rule(): RuleText {
    const { fraction, below } = this.#chance;
    if (fraction() < 0.05) return this.#chance.pick<RuleText>(["", [], [[]], "@", "!", "  @ "]);
    if (fraction() < 0.7) return this.#expression(3);
    return Array.from({ length: below(4) }, () =>
      fraction() < 0.3 ? this.#check() : Array.from({ length: below(3) }, () => this.#check()),
    );
  }

  #expression(depth: number): string {
    const { fraction, pick, below } = this.#chance;
    if (depth === 0 || fraction() < 0.25) return this.#word();
    if (fraction() < 0.2) return `${pick(["not", "NOT"])} ${this.#operand(depth)}`;
    const parts = Array.from({ length: 2 + below(2) }, () => this.#operand(depth));
    return parts.reduce((whole, part) => {
      const word = pick(["and", "or", "AND", "Or"]);
      return `${whole}${pick([" ", "  ", "\n"])}${word} ${part}`;
    });
  }

  /** In parentheses where a looser word might stand inside, and sometimes for nothing. */
  #operand(depth: number): string {
    const inner = this.#expression(depth - 1);
    if (!/\s/.test(inner) && this.#chance.fraction() < 0.8) return inner;
    const [open, close] = this.#chance.pick([
      ["(", ")"],
      ["( ", " )"],
      ["((", "))"],
    ]) as [string, string];
    return this.#chance.fraction() < 0.7 ? `${open}${inner}${close}` : inner;
  }

  /** A check without white space, which would end it in a text. */
  #word(): string {
    return this.#check().replaceAll(" ", "_");
  }

  #check(): string {
    const { pick, fraction } = this.#chance;
    const value = () =>
      fraction() < 0.4
        ? pick(["%(project_id)s", "%(user_id)s", "p%(user_id)s"])
        : pick([...NAMES, ...ROLES]).replaceAll("%", "%%");
    const [name] = this.#names.length === 0 ? [] : [pick(this.#names)];
    return pick([
      ...(name === undefined ? [] : [`rule:${name}`, `rule:${name}`]),
      `role:${value()}`,
      `role:${pick(ROLES).toUpperCase()}`,
      `user_id:${value()}`,
      `project_id:${value()}`,
      `roles:${pick(ROLES)}`,
      `'${pick(NAMES)}':${value()}`,
      `"p1":${value()}`,
      `7:${pick(["7", "07"])}`,
      `True:${pick(["True", "true"])}`,
      "None:None",
      "system_scope:all",
      "@",
      "!",
    ]);
  }
}

function overrides(random: Chance): Record<string, RuleText> {
  const some = ORDER.filter(
    (name) => OWN_RULES.includes(name) || random.fraction() < (name.includes(":") ? 0.2 : 0.35),
  );
  return Object.fromEntries(
    some.map((name) => {
      const before = ORDER.slice(0, ORDER.indexOf(name));
      return [name, new Rules(random, before).rule()];
    }),
  );
}

function callerOf({ pick, fraction }: Chance): Credentials {
  const roles = ROLES.filter(() => fraction() < 0.3);
  return {
    user_id: pick(NAMES),
    project_id: pick(NAMES),
    roles: roles.map((role) => (fraction() < 0.2 ? role.toUpperCase() : role)),
  };
}

/** The caller's own project and user, or what a query names, which is no user. */
function targetOf({ fraction, pick }: Chance, { project_id, user_id }: Credentials) {
  if (fraction() < 0.5) return { project_id, user_id };
  return fraction() < 0.8 ? { project_id: pick(NAMES) } : ({} as Record<string, string>);
}

describe.each(["secure", "legacy", "open"] as const)("%s", (preset: PolicyPreset) => {
  it("decides as oslo.policy, whatever is overridden", () => {
    const random = chance(`the policy ${preset} against oslo.policy`);
    const seen = new Set<string>();
    for (let round = 0; round < POLICIES; round += 1) {
      const rules = round === 0 ? {} : overrides(random);
      const open = Object.fromEntries(GUARD_NAMES.map((name) => [name, "@"]));
      const oslo = new Oslo({
        guards: GUARD_NAMES,
        enforceNewDefaults: preset !== "legacy",
        file: preset === "open" ? { ...open, ...rules } : rules,
      });
      const policy = new Policy(preset, rules);
      for (let question = 0; question < QUESTIONS; question += 1) {
        const creds = callerOf(random);
        const target = targetOf(random, creds);
        const { user_id: user, project_id: project, roles } = creds;
        const identity = { user, project, roles, system: false };
        for (const name of [...ASKED, random.pick(ORDER.slice(OWN_RULES.length))]) {
          const verdict = policy.decide(name, identity, target);
          seen.add(verdict);
          const wanted = oslo.enforce(name, target, creds) ? "permitted" : "forbidden";
          if (verdict === wanted) continue;
          expect.fail(
            JSON.stringify({ seed: random.seed, name, creds, target, wanted, verdict, rules }),
          );
        }
      }
    }
    expect(seen).toEqual(new Set(["permitted", "forbidden"]));
  });
});
