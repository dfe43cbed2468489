/** A policy rule as a tree of checks, and whether a caller passes it. */
import type { Identity } from "../identity.ts";

/** Attributes of the caller, on the left of a colon. */
export const CALLER_ATTRIBUTES = ["user_id", "project_id", "roles", "system_scope"] as const;
export type CallerAttribute = (typeof CALLER_ATTRIBUTES)[number];

/** Attributes of what is acted upon, as in `%(project_id)s`. */
export const TARGET_ATTRIBUTES = ["project_id", "user_id"] as const;
export type TargetAttribute = (typeof TARGET_ATTRIBUTES)[number];

export type Target = Readonly<Partial<Record<TargetAttribute, string | undefined>>>;

/** Text with placeholders for the target's attributes. */
export type Template = readonly (string | { readonly attribute: TargetAttribute })[];

export type Check =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "not"; readonly check: Check }
  | { readonly kind: "and" | "or"; readonly checks: readonly Check[] }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "role"; readonly role: Template }
  | { readonly kind: "caller"; readonly attribute: CallerAttribute; readonly value: Template }
  | { readonly kind: "literal"; readonly text: string; readonly value: Template };

export interface Question {
  readonly identity: Identity;
  readonly target: Target;
  /** Whether the caller passes the rule of that name. */
  rule(name: string): boolean;
}

export function passes(check: Check, question: Question): boolean {
  switch (check.kind) {
    case "always":
      return true;
    case "never":
      return false;
    case "not":
      return !passes(check.check, question);
    case "and":
      return check.checks.every((each) => passes(each, question));
    case "or":
      return check.checks.some((each) => passes(each, question));
    case "rule":
      return question.rule(check.name);
    case "role": {
      const role = filled(check.role, question.target)?.toLowerCase();
      return question.identity.roles.some((given) => given.toLowerCase() === role);
    }
    case "caller": {
      const value = filled(check.value, question.target);
      return value !== undefined && valuesOf(question.identity, check.attribute).includes(value);
    }
    case "literal":
      return filled(check.value, question.target) === check.text;
  }
}

/** The rules that `check` refers to. */
export function namedRules(check: Check): string[] {
  switch (check.kind) {
    case "rule":
      return [check.name];
    case "not":
      return namedRules(check.check);
    case "and":
    case "or":
      return check.checks.flatMap(namedRules);
    default:
      return [];
  }
}

/** Undefined, which never matches, if the target lacks an attribute. */
function filled(template: Template, target: Target): string | undefined {
  let text = "";
  for (const part of template) {
    const piece = typeof part === "string" ? part : target[part.attribute];
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}

function valuesOf(identity: Identity, attribute: CallerAttribute): readonly string[] {
  switch (attribute) {
    case "user_id":
      return [identity.user];
    case "project_id":
      return identity.project === undefined ? [] : [identity.project];
    case "roles":
      return identity.roles;
    case "system_scope":
      return identity.system ? ["all"] : [];
  }
}
