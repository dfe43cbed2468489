/**
 * oslo.policy, as its reference describes it, and Placement's registered rules: an
 * evaluation of its own, which shares nothing with the product. A rule is reduced
 * word by word to true or false; nothing is kept as a tree.
 *
 * Source: oslo.policy reference, "Policy Rule Expressions" and "Deprecating
 * policies"; Placement configuration guide, "Policy Configuration".
 */

export type RuleText = string | readonly (string | readonly string[])[];

/** What a service hands over for the caller. */
export interface Credentials {
  readonly user_id: string;
  readonly project_id: string;
  readonly roles: readonly string[];
}

export interface Registered {
  readonly name: string;
  readonly check: string;
  /** The check that this rule succeeds; it passes too, unless new defaults are enforced. */
  readonly deprecated?: string;
}

const DEPRECATED = "role:admin";

/** Rules of Placement that others name. */
const BASE: readonly Registered[] = [
  { name: "admin_api", check: "role:admin" },
  { name: "service_api", check: "role:service", deprecated: DEPRECATED },
  { name: "admin_or_service_api", check: "role:admin or role:service", deprecated: DEPRECATED },
  {
    name: "project_reader_api",
    check: "role:reader and project_id:%(project_id)s",
    deprecated: DEPRECATED,
  },
  {
    name: "admin_or_project_reader_or_service_api",
    check: "role:admin or rule:project_reader_api or role:service",
    deprecated: DEPRECATED,
  },
];

export const BASE_NAMES = BASE.map(({ name }) => name);

const FOR_PROJECT_READERS: ReadonlySet<string> = new Set([
  "placement:usages",
  "placement:history:show",
  "placement:events:list",
]);

function guard(name: string): Registered {
  if (name === "placement:reshaper:reshape") return { name, check: "rule:service_api" };
  if (FOR_PROJECT_READERS.has(name)) {
    return { name, check: "rule:admin_or_project_reader_or_service_api" };
  }
  return { name, check: "rule:admin_or_service_api" };
}

export interface OsloOptions {
  readonly guards: readonly string[];
  /** `[oslo_policy] enforce_new_defaults` */
  readonly enforceNewDefaults: boolean;
  /** The rules of the policy file. */
  readonly file: Readonly<Record<string, RuleText>>;
}

export class Oslo {
  /** All of them have to pass by one of their texts. */
  readonly #rules = new Map<string, readonly RuleText[]>();

  constructor({ guards, enforceNewDefaults, file }: OsloOptions) {
    for (const [name, text] of Object.entries(file)) this.#rules.set(name, [text]);
    for (const { name, check, deprecated } of [...BASE, ...guards.map(guard)]) {
      if (this.#rules.has(name)) continue;
      const more = deprecated === undefined || enforceNewDefaults ? [] : [deprecated];
      this.#rules.set(name, [check, ...more]);
    }
  }

  enforce(name: string, target: Readonly<Record<string, string>>, creds: Credentials): boolean {
    const texts = this.#rules.get(name) ?? [];
    const atom = (text: string): boolean => {
      if (text === "@") return true;
      if (text === "!") return false;
      const [kind = "", match = ""] = [
        text.slice(0, text.indexOf(":")),
        text.slice(text.indexOf(":") + 1),
      ];
      if (kind === "rule") return this.enforce(match, target, creds);
      return matches(kind, formatted(match, target), creds);
    };
    return texts.some((text) =>
      typeof text === "string" ? reduced(text, atom) : listed(text, atom),
    );
  }
}

/** Python's `match % target`; undefined for a key that the target lacks. */
function formatted(match: string, target: Readonly<Record<string, string>>): string | undefined {
  let missing = false;
  const text = match.replaceAll(/%%|%\((\w+)\)s/g, (whole, key?: string) => {
    if (whole === "%%") return "%";
    const value = target[key ?? ""];
    missing ||= value === undefined;
    return value ?? "";
  });
  return missing ? undefined : text;
}

function matches(kind: string, match: string | undefined, creds: Credentials): boolean {
  if (match === undefined) return false;
  if (kind === "role") {
    return creds.roles.map((role) => role.toLowerCase()).includes(match.toLowerCase());
  }
  const quoted = /^(['"])(.*)\1$/.exec(kind);
  if (quoted !== null) return quoted[2] === match;
  if (/^(-?\d+|True|False|None)$/.test(kind)) return kind === match;
  const value = (creds as unknown as Record<string, string | readonly string[] | undefined>)[kind];
  return typeof value === "string" ? value === match : (value?.includes(match) ?? false);
}

/** The older form: the inner lists mean "and", the outer one "or". */
function listed(rule: Exclude<RuleText, string>, atom: (text: string) => boolean): boolean {
  if (rule.length === 0) return true;
  return rule
    .filter((inner) => inner.length > 0)
    .some((inner) => [inner].flat().every((text) => atom(text)));
}

/** Innermost parentheses first, then every `not`, every `and`, every `or`. */
function reduced(text: string, atom: (text: string) => boolean): boolean {
  if (text === "") return true;
  const words = text
    .split(/\s+/)
    .filter((word) => word !== "")
    .flatMap((word) => {
      const [, opening = "", middle = "", closing = ""] = /^(\(*)(.*?)(\)*)$/.exec(word) ?? [];
      return [...opening, ...(middle === "" ? [] : [middle]), ...closing];
    })
    .map((word) => {
      const lower = word.toLowerCase();
      if (["(", ")", "and", "or", "not"].includes(lower)) return lower;
      return atom(word) ? "T" : "F";
    });
  let line = ` ${words.join("  ")} `;
  const steps: readonly [RegExp, (...found: string[]) => string][] = [
    [/ \( {2}([TF]) {2}\) /, (_, value = "") => ` ${value} `],
    [/ not {2}([TF]) /, (_, value) => (value === "T" ? " F " : " T ")],
    [/ ([TF]) {2}and {2}([TF]) /, (_, a, b) => (a === "T" && b === "T" ? " T " : " F ")],
    // Only where no `and` takes one of the two.
    [
      /(?<!and ) ([TF]) {2}or {2}([TF]) (?! and)/,
      (_, a, b) => (a === "T" || b === "T" ? " T " : " F "),
    ],
  ];
  for (let bound = line.length; bound > 0; bound -= 1) {
    const step = steps.find(([pattern]) => pattern.test(line));
    if (step === undefined) break;
    line = line.replace(step[0], step[1]);
  }
  if (!/^ [TF] $/.test(line)) throw new Error(`not a rule: ${text} (${line})`);
  return line === " T ";
}
