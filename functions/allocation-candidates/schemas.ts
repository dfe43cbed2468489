import * as z from "zod";
import { LIMITS } from "../../lib/api/limits.ts";
import { patterned } from "../../lib/api/schemas.ts";
import type { VersionText } from "../../lib/model/microversion.ts";

const text = z.string().optional();
const limit = z
  .string()
  .regex(/^[1-9][0-9]*$/)
  .optional();
const groupPolicy = z.enum(["none", "isolate"]).optional();
/** Our extension, at every version. */
const explain = z.enum(["true", "false"]).optional();

const first = { resources: z.string(), explain };
const limited = { ...first, limit };
const byTraits = { ...limited, required: text };
const byAggregates = { ...byTraits, member_of: text };

/** The keys of the unsuffixed group; keys with a suffix are matched by patterns. */
const unsuffixed = { resources: text, required: text, member_of: text };
const granular = { ...unsuffixed, limit, group_policy: groupPolicy, explain };
const byTree = { ...granular, in_tree: text };
const byRoot = { ...byTree, root_required: text };
const bySubtree = { ...byRoot, same_subtree: text };

/** The keys of the groups: with a number up to 1.32, with a name from 1.33. */
const NUMBERED = [
  /^resources([1-9][0-9]*)?$/,
  /^required([1-9][0-9]*)?$/,
  /^member_of([1-9][0-9]*)?$/,
];
const NUMBERED_WITH_TREE = [...NUMBERED, /^in_tree([1-9][0-9]*)?$/];
const NAMED = [
  /^resources([a-zA-Z0-9_-]{1,64})?$/,
  /^required([a-zA-Z0-9_-]{1,64})?$/,
  /^member_of([a-zA-Z0-9_-]{1,64})?$/,
  /^in_tree([a-zA-Z0-9_-]{1,64})?$/,
];

export const candidatesQuery: Record<VersionText, z.ZodType> = {
  "1.10": z.strictObject(first),
  "1.16": z.strictObject(limited),
  "1.17": z.strictObject(byTraits),
  "1.21": z.strictObject(byAggregates),
  "1.25": patterned(granular, NUMBERED),
  "1.31": patterned(byTree, NUMBERED_WITH_TREE),
  "1.33": patterned(byTree, NAMED),
  "1.35": patterned(byRoot, NAMED),
  "1.36": patterned(bySubtree, NAMED),
};

const { limit: _, explain: __, ...claimable } = bySubtree;
/** The query of a claim: it takes one candidate for each consumer, and explains all alternatives. */
export const claimableQuery: Record<VersionText, z.ZodType> = {
  "1.0": patterned(claimable, NAMED),
};

/** The query of the GET, in a body. */
export const byQueryBody = {
  "1.10": z.strictObject({ query: z.string().max(LIMITS.postedQueryLength) }),
};
