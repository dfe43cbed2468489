/** A query for candidates as a form has it, and as text. */

export interface QueryGroup {
  /** Empty: the unsuffixed group. */
  readonly suffix: string;
  readonly resources: readonly { readonly name: string; readonly value: string }[];
  /** As the API has it: `HW_CPU_X86_AVX2,!CUSTOM_OLD`. */
  readonly required: string;
  readonly memberOf: string;
  readonly inTree: string;
}

export interface CandidateQuery {
  readonly groups: readonly QueryGroup[];
  readonly policy: "" | "none" | "isolate";
  readonly limit: string;
  /** What the form does not know, as it was given. */
  readonly rest: readonly (readonly [string, string])[];
}

export const emptyGroup = (suffix: string): QueryGroup => ({
  suffix,
  resources: [{ name: "VCPU", value: "1" }],
  required: "",
  memberOf: "",
  inTree: "",
});

const MEMBER = /^(resources|required|member_of|in_tree)(\w*)$/;

/** @param text what follows the `?` of the request */
export function queryOf(text: string): CandidateQuery {
  const groups = new Map<string, QueryGroup>();
  const rest: [string, string][] = [];
  let policy: CandidateQuery["policy"] = "";
  let limit = "";
  for (const [name, value] of new URLSearchParams(text.trim().replace(/^.*\?/, ""))) {
    const [, member = "", suffix = ""] = MEMBER.exec(name) ?? [];
    const group = groups.get(suffix) ?? { ...emptyGroup(suffix), resources: [] };
    if (member === "resources") groups.set(suffix, { ...group, resources: resourcesOf(value) });
    else if (member === "required" && group.required === "") {
      groups.set(suffix, { ...group, required: value });
    } else if (member === "member_of" && group.memberOf === "") {
      groups.set(suffix, { ...group, memberOf: value });
    } else if (member === "in_tree") groups.set(suffix, { ...group, inTree: value });
    else if (name === "group_policy" && (value === "none" || value === "isolate")) policy = value;
    else if (name === "limit") limit = value;
    else if (name !== "explain") rest.push([name, value]);
  }
  const all = [...groups.values()];
  return { groups: all.length === 0 ? [emptyGroup("")] : all, policy, limit, rest };
}

function resourcesOf(text: string) {
  return text
    .split(",")
    .filter((each) => each.trim() !== "")
    .map((each) => {
      const [name = "", value = ""] = each.split(":", 2);
      return { name: name.trim(), value: value.trim() };
    });
}

/** Only what commas, colons and `!` would make unreadable stays as it is. */
const encoded = (text: string) =>
  encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":");

export function queryText({ groups, policy, limit, rest }: CandidateQuery): string {
  const pairs: (readonly [string, string])[] = [];
  for (const { suffix, resources, required, memberOf, inTree } of groups) {
    const named = resources.filter(({ name }) => name !== "");
    const text = named.map(({ name, value }) => `${name}:${value}`).join(",");
    pairs.push([`resources${suffix}`, text], [`required${suffix}`, required]);
    pairs.push([`member_of${suffix}`, memberOf], [`in_tree${suffix}`, inTree]);
  }
  pairs.push(["group_policy", policy], ["limit", limit], ...rest);
  return pairs
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encoded(value)}`)
    .join("&");
}
