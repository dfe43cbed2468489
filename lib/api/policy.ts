/** The policy: a preset's rules, some of them overridden by the operator. */
import type { Identity } from "./identity.ts";
import { type Check, namedRules, passes, type Target } from "./policy/check.ts";
import { PolicyError, parseRule } from "./policy/parse.ts";
import {
  GUARD_NAMES,
  type PolicyPreset,
  presetRules,
  type Rule,
  type Rules,
} from "./policy/rules.ts";

export { POLICY_PRESETS, type PolicyPreset } from "./policy/rules.ts";

/** How many rules an operator may define, and how long a chain of references may be. */
const MAX_RULES = 500;
const MAX_CHAIN = 32;

export type Decision = "permitted" | "forbidden" | "wrong_scope";

export class Policy {
  readonly #checks: ReadonlyMap<string, Check>;
  /** Overrides whose name looks like a guard, but that guard no operation: probably misspelt. */
  readonly unknown: readonly string[];

  /**
   * An override replaces the preset's rule of that name as a whole. As in oslo.policy, an
   * unknown name defines a rule that other rules can refer to.
   * @throws PolicyError for a rule that cannot be parsed, names one that does
   *   not exist, or names itself by way of others
   */
  constructor(preset: PolicyPreset, overrides: Rules = {}) {
    const names = Object.keys(overrides);
    if (names.length > MAX_RULES) throw new PolicyError(`there are more than ${MAX_RULES} rules`);
    const rules = new Map<string, Rule>([
      ...Object.entries(presetRules(preset)),
      ...Object.entries(overrides),
    ]);
    this.#checks = new Map([...rules].map(([name, rule]) => [name, parsed(name, rule)]));
    checkReferences(this.#checks);
    this.unknown = names.filter(
      (name) => name.startsWith("placement:") && !GUARD_NAMES.includes(name),
    );
  }

  /**
   * Whether `identity` may do what `rule` guards. A request of system or domain scope is always
   * refused; a rule that does not exist permits nobody.
   */
  decide(rule: string, identity: Identity, target: Target): Decision {
    if (identity.system || identity.domain !== undefined) return "wrong_scope";
    // Each rule is evaluated once, however many others refer to it.
    const known = new Map<string, boolean>();
    const ask = (name: string): boolean => {
      const check = this.#checks.get(name);
      const before = known.get(name);
      if (before !== undefined || check === undefined) return before ?? false;
      const answer = passes(check, { identity, target, rule: ask });
      known.set(name, answer);
      return answer;
    };
    return ask(rule) ? "permitted" : "forbidden";
  }
}

function parsed(name: string, rule: Rule): Check {
  try {
    return parseRule(rule);
  } catch (error) {
    if (error instanceof PolicyError) throw new PolicyError(`rule ${name}: ${error.message}`);
    throw error;
  }
}

/** @throws PolicyError if a rule names none that exists, itself, or too many in a row */
function checkReferences(checks: ReadonlyMap<string, Check>): void {
  const depths = new Map<string, number>();
  const depthOf = (name: string, path: readonly string[]): number => {
    const chain = [...path, name];
    if (path.includes(name)) throw new PolicyError(`rule ${chain.join(" names rule ")}`);
    const check = checks.get(name);
    if (check === undefined) {
      throw new PolicyError(`rule ${path.at(-1)} names rule ${name}, which does not exist`);
    }
    const below =
      chain.length > MAX_CHAIN
        ? [MAX_CHAIN]
        : namedRules(check).map((next) => depths.get(next) ?? depthOf(next, chain));
    const depth = 1 + Math.max(0, ...below);
    if (depth > MAX_CHAIN) {
      throw new PolicyError(`rule ${name}: more than ${MAX_CHAIN} rules name one another`);
    }
    depths.set(name, depth);
    return depth;
  };
  for (const name of checks.keys()) depthOf(name, []);
}
