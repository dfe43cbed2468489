/** `include`, our extension: what a list of providers shows of each, beside the provider itself. */
import * as z from "zod";
import type { Query } from "../../lib/api/query.ts";

/** The rule of the read that shows the same of one provider. */
const RULES = {
  inventories: "placement:resource_providers:inventories:list",
  usages: "placement:resource_providers:usages",
  aggregates: "placement:resource_providers:aggregates:list",
  traits: "placement:resource_providers:traits:list",
  allocations: "placement:resource_providers:allocations:list",
} as const;

export type Include = keyof typeof RULES;

const ALL = Object.keys(RULES) as Include[];

/** What each version can include: what it can read of one provider; names separated by commas. */
const SINCE = {
  "1.0": /^(?:inventories|usages|allocations)(?:,(?:inventories|usages|allocations))*$/,
  "1.1":
    /^(?:inventories|usages|aggregates|allocations)(?:,(?:inventories|usages|aggregates|allocations))*$/,
  "1.6":
    /^(?:inventories|usages|aggregates|traits|allocations)(?:,(?:inventories|usages|aggregates|traits|allocations))*$/,
} as const;

export function includeParameter(since: keyof typeof SINCE) {
  return z.string().max(200).regex(SINCE[since]).optional();
}

/** What a query includes, each once; names that are not known are left to the schema. */
export function includesIn(query: Query): ReadonlySet<Include> {
  const given = new Set((query.last()["include"] ?? "").split(","));
  return new Set(ALL.filter((name) => given.has(name)));
}

/** Whoever may not read a part of one provider cannot include it either. */
export function rulesOfIncludes(query: Query) {
  return [...includesIn(query)].map((name) => RULES[name]);
}
