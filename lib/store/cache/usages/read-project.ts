/** Reads the consumers of a project page by page: only what is summed. */
import { fits } from "../../items/keys.ts";
import { projectPk, usageAttributes, userPrefix } from "../../items/project-consumer.ts";
import type { Item } from "../../table/item.ts";
import type { QueryOptions, Reader } from "../../table/reader.ts";

/**
 * Consumers of one read. Some 5,000 fill a page of DynamoDB. The embedded engine loads all that is
 * left of a partition for each page, unless a limit is set.
 */
const PAGE = 4_000;
/** Pages at most: some eight million consumers, of which no request lives to see the end. */
const MAX_PAGES = 2_000;

export interface ProjectReading extends Pick<QueryOptions, "onPending"> {
  /** Undefined: of all. */
  readonly user: string | undefined;
  /** Whether consumers are told apart by their types. */
  readonly byType: boolean;
  /** Of a page. */
  readonly limit?: number;
}

/** @param visit is called with each consumer's look-up item, and keeps one page of them alive */
export async function readProjectItems(
  reader: Reader,
  project: string,
  { user, byType, limit = PAGE, onPending }: ProjectReading,
  visit: (item: Item) => void,
): Promise<void> {
  const pk = projectPk(project);
  if (!fits({ pk, sk: "" })) return;
  const given: QueryOptions = {
    ...(user === undefined ? {} : { prefix: userPrefix(user) }),
    ...(onPending === undefined ? {} : { onPending }),
    attributes: usageAttributes(byType),
    limit,
  };
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const items = await reader.query(pk, after === undefined ? given : { ...given, after });
    for (const item of items) visit(item);
    if (items.length < limit) return;
    after = items.at(-1)?.sk;
  }
  throw new Error(`the usages of a project passed ${MAX_PAGES} pages`);
}
