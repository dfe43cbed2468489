import * as z from "zod";
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

/** The unsuffixed group's keys, beside those with a suffix. */
const unsuffixed = { resources: text, required: text, member_of: text };
const granular = { ...unsuffixed, limit, group_policy: groupPolicy, explain };
const byTree = { ...granular, in_tree: text };
const byRoot = { ...byTree, root_required: text };
const bySubtree = { ...byRoot, same_subtree: text };

const NUMBER = "([1-9][0-9]*)?";
const NAME = "([a-zA-Z0-9_-]{1,64})?";

/** The keys of the groups, with one suffix pattern. */
function keys(names: readonly string[], suffix: string): RegExp[] {
  return names.map((name) => new RegExp(`^${name}${suffix}$`));
}

const GROUP_KEYS = ["resources", "required", "member_of"];
const GROUP_KEYS_WITH_TREE = [...GROUP_KEYS, "in_tree"];

export const candidatesQuery: Record<VersionText, z.ZodType> = {
  "1.10": z.strictObject(first),
  "1.16": z.strictObject(limited),
  "1.17": z.strictObject(byTraits),
  "1.21": z.strictObject(byAggregates),
  "1.25": patterned(granular, keys(GROUP_KEYS, NUMBER)),
  "1.31": patterned(byTree, keys(GROUP_KEYS_WITH_TREE, NUMBER)),
  "1.33": patterned(byTree, keys(GROUP_KEYS_WITH_TREE, NAME)),
  "1.35": patterned(byRoot, keys(GROUP_KEYS_WITH_TREE, NAME)),
  "1.36": patterned(bySubtree, keys(GROUP_KEYS_WITH_TREE, NAME)),
};
