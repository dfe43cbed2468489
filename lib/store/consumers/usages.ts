/** The usages of a project, summed from the look-up items of its consumers. */
import { ALL, type UsageGroup, UsageGroups } from "../../model/usages.ts";
import { fits } from "../items/keys.ts";
import {
  projectPk,
  usageAttributes,
  userPrefix,
  usingConsumerOf,
} from "../items/project-consumer.ts";
import type { Reader } from "../table/reader.ts";

/**
 * Consumers of one read. Some 5,000 fill a page of DynamoDB. The embedded engine loads all that is
 * left of a partition for each page, unless a limit is set.
 */
const PAGE = 4_000;
/** Pages at most: some eight million consumers, of which no request lives to see the end. */
const MAX_PAGES = 2_000;

export interface UsageFilter {
  readonly user: string | undefined;
  /** One consumer type; `ALL`: one group of all; undefined: each type. */
  readonly type: string | undefined;
}

/**
 * By consumer type. Reads only what is summed, and keeps one page of it at a time.
 * @param limit of a page
 */
export async function readUsages(
  reader: Reader,
  project: string,
  { user, type }: UsageFilter,
  limit = PAGE,
): Promise<Map<string, UsageGroup>> {
  const groups = new UsageGroups(type);
  const pk = projectPk(project);
  if (!fits({ pk, sk: "" })) return groups.result();
  const prefix = user === undefined ? {} : { prefix: userPrefix(user) };
  const attributes = usageAttributes(type !== ALL);
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rest = after === undefined ? {} : { after };
    const options = { ...prefix, ...rest, limit, attributes };
    const items = await reader.query(pk, options);
    for (const item of items) groups.add(usingConsumerOf(item));
    if (items.length < limit) return groups.result();
    after = items.at(-1)?.sk;
  }
  throw new Error(`the usages of a project passed ${MAX_PAGES} pages`);
}
