/**
 * Parses the check syntax of oslo.policy: a string such as
 * `role:admin or (role:reader and project_id:%(project_id)s)`, or the older list
 * of lists, in which the inner lists mean "and" and the outer one means "or".
 *
 * `not` binds closer than `and`, `and` closer than `or`; their case does not matter.
 * Spaces separate words; parentheses count only at the beginning or end of a word.
 *
 * Source: oslo.policy reference, "Policy Rule Expressions".
 */
import {
  CALLER_ATTRIBUTES,
  type CallerAttribute,
  type Check,
  TARGET_ATTRIBUTES,
  type TargetAttribute,
  type Template,
} from "./check.ts";
import type { Rule } from "./rules.ts";

/** Characters of one rule, checks of one rule in list form, and how deep a rule may nest. */
export const MAX_RULE_LENGTH = 4_096;
export const MAX_LIST_CHECKS = 256;
export const MAX_DEPTH = 32;

/** A rule that cannot be parsed. The message is one line. */
export class PolicyError extends Error {}

/** @throws PolicyError */
export function parseRule(rule: Rule): Check {
  return typeof rule === "string" ? parseText(rule) : parseList(rule);
}

/** An empty rule permits everybody, as in oslo.policy. */
function parseText(text: string): Check {
  if (text === "") return { kind: "always" };
  checkLength(text);
  return new Parser(tokensOf(text)).all();
}

/** An empty list permits everybody; a list of nothing but empty lists permits nobody. */
function parseList(list: Exclude<Rule, string>): Check {
  if (list.length === 0) return { kind: "always" };
  const groups = list.map((each) => (typeof each === "string" ? [each] : each));
  if (groups.flat().length > MAX_LIST_CHECKS) {
    throw new PolicyError(`it has more than ${MAX_LIST_CHECKS} checks`);
  }
  const checks = groups
    .filter((group) => group.length > 0)
    .map((group) => combined("and", group.map(parseListed)));
  return checks.length === 0 ? { kind: "never" } : combined("or", checks);
}

function parseListed(text: string): Check {
  checkLength(text);
  return parseCheck(text);
}

function checkLength(text: string): void {
  if (text.length > MAX_RULE_LENGTH) {
    throw new PolicyError(`it is longer than ${MAX_RULE_LENGTH} characters`);
  }
}

function combined(kind: "and" | "or", checks: readonly Check[]): Check {
  const [only] = checks;
  return checks.length === 1 && only !== undefined ? only : { kind, checks };
}

function tokensOf(text: string): string[] {
  return text.split(/\s+/).flatMap((word) => {
    const opening = /^\(*/.exec(word)?.[0] ?? "";
    const rest = word.slice(opening.length);
    let end = rest.length;
    while (rest[end - 1] === ")") end -= 1;
    const middle = rest.slice(0, end);
    const closing = rest.slice(end);
    return [...opening, ...(middle === "" ? [] : [middle]), ...closing];
  });
}

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  all(): Check {
    const check = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest === undefined) return check;
    throw new PolicyError(
      rest === ")" ? "a ')' has no '('" : `'and' or 'or' is missing before '${rest}'`,
    );
  }

  #or(): Check {
    const checks = [this.#and()];
    while (this.#takes("or")) checks.push(this.#and());
    return combined("or", checks);
  }

  #and(): Check {
    const checks = [this.#not()];
    while (this.#takes("and")) checks.push(this.#not());
    return combined("and", checks);
  }

  #not(): Check {
    if (this.#takes("not")) return this.#deeper(() => ({ kind: "not", check: this.#not() }));
    if (!this.#takes("(")) return this.#check();
    return this.#deeper(() => {
      const check = this.#or();
      if (!this.#takes(")")) throw new PolicyError("a ')' is missing");
      return check;
    });
  }

  #check(): Check {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new PolicyError("it ends where a check should be");
    if (token === ")" || /^(and|or)$/i.test(token)) {
      throw new PolicyError(`a check is missing before '${token}'`);
    }
    this.#next += 1;
    return parseCheck(token);
  }

  #takes(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #deeper(parse: () => Check): Check {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new PolicyError(`it nests deeper than ${MAX_DEPTH} levels`);
    const check = parse();
    this.#depth -= 1;
    return check;
  }
}

function parseCheck(text: string): Check {
  if (text === "@") return { kind: "always" };
  if (text === "!") return { kind: "never" };
  const colon = text.indexOf(":");
  const left = text.slice(0, colon);
  const right = text.slice(colon + 1);
  if (colon < 1 || right === "") {
    throw new PolicyError(`'${text}' is not a check: write KIND:VALUE, @ or !`);
  }
  switch (left) {
    case "rule":
      return { kind: "rule", name: right };
    case "role":
      return { kind: "role", role: templateOf(right) };
    case "http":
    case "https":
      throw new PolicyError(`'${text}' queries another server, which is not supported`);
    default:
      return genericCheck(left, right);
  }
}

/** `ATTRIBUTE:VALUE`, or `LITERAL:VALUE` with a Python literal. */
function genericCheck(left: string, right: string): Check {
  const value = templateOf(right);
  const quoted = /^'([^'\\]*)'$|^"([^"\\]*)"$/.exec(left);
  if (quoted !== null) return { kind: "literal", text: quoted[1] ?? quoted[2] ?? "", value };
  if (/^(True|False|None|-?(0|[1-9]\d*))$/.test(left))
    return { kind: "literal", text: left, value };
  if (isOneOf(CALLER_ATTRIBUTES, left)) return { kind: "caller", attribute: left, value };
  throw new PolicyError(
    `'${left}' is not an attribute of a caller: use ${CALLER_ATTRIBUTES.join(", ")}`,
  );
}

/** Text with `%(attribute)s` for an attribute of the target and `%%` for a per cent sign. */
function templateOf(text: string): Template {
  const parts = text.split(/(%\([^()]*\)s|%%)/).filter((part) => part !== "");
  return parts.map((part) => {
    if (part === "%%") return "%";
    const attribute = /^%\((.*)\)s$/.exec(part)?.[1];
    if (attribute === undefined) {
      if (part.includes("%")) throw new PolicyError(`'${text}' has a '%' that is not %(NAME)s`);
      return part;
    }
    if (isOneOf(TARGET_ATTRIBUTES, attribute)) return { attribute };
    const known = TARGET_ATTRIBUTES.join(", ");
    throw new PolicyError(`'${attribute}' is not an attribute of a target: use ${known}`);
  });
}

function isOneOf<T extends CallerAttribute | TargetAttribute>(
  names: readonly T[],
  name: string,
): name is T {
  return names.some((each) => each === name);
}
