/** Pages of consumers: by project, idle ones by age, and those with leases by their ends. */

import type { Consumer } from "../../model/consumer.ts";
import type { IdleConsumer } from "../items/idle-consumer.ts";
import type { ProjectConsumer } from "../items/project-consumer.ts";
import type { Reader } from "../table/reader.ts";
import { readConsumers, readIdle, readListedLeases, readProject } from "./change.ts";

export interface Page {
  readonly limit: number;
  /** The last sort key of the page before. */
  readonly after: string | undefined;
}

export interface PageOf<T> {
  readonly consumers: readonly T[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** Reads of one page at most: this bounds the search for a rare type among many consumers. */
const MAX_READS = 200;

export interface ProjectFilter extends Page {
  readonly user: string | undefined;
  /** Null: consumers without a type; undefined: all. */
  readonly type: string | null | undefined;
}

/**
 * A page may be shorter than `limit` and still have a next one, if few consumers are of the
 * type.
 */
export async function projectConsumers(
  reader: Reader,
  project: string,
  { user, type, limit, after: first }: ProjectFilter,
): Promise<PageOf<ProjectConsumer>> {
  const consumers: ProjectConsumer[] = [];
  let after = first;
  for (let read = 0; read < MAX_READS; read += 1) {
    // One more than `limit` shows whether there is a next page.
    const items = await readProject(reader, project, {
      user,
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
    });
    for (const [index, item] of items.entries()) {
      if (type === undefined || item.type === type) consumers.push(item);
      after = item.sortKey;
      const more = index < items.length - 1;
      if (consumers.length === limit && more) return { consumers, next: after };
    }
    if (items.length <= limit) return { consumers, next: undefined };
    if (consumers.length >= limit) return { consumers, next: after };
  }
  return { consumers, next: after };
}

/** Idle consumers created before `before` (milliseconds since 1970), the oldest first. */
export async function idleConsumers(
  reader: Reader,
  before: number,
  { limit, after }: Page,
): Promise<PageOf<IdleConsumer>> {
  const found = await readIdle(reader, {
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  });
  const old = found.filter(({ since }) => since <= before);
  const consumers = old.slice(0, limit);
  const next = old.length > limit ? consumers.at(-1)?.sortKey : undefined;
  return { consumers, next };
}

/**
 * Consumers whose leases expire before `before` (milliseconds since 1970). A page may be shorter
 * than `limit` and still have a next one: a lease that was renewed is listed at an earlier time.
 */
export async function expiringConsumers(
  reader: Reader,
  before: number,
  { limit, after }: Page,
): Promise<PageOf<Consumer>> {
  const found = await readListedLeases(reader, before - 1, {
    limit: limit + 1,
    ...(after === undefined ? {} : { after }),
  });
  const listed = found.slice(0, limit);
  const known = await readConsumers(
    reader,
    listed.map(({ consumer }) => consumer),
  );
  const consumers = listed.flatMap(({ consumer, listed: at }) => {
    const each = known.get(consumer);
    const term = each?.lease?.term;
    return each !== undefined && term?.listed === at && term.expires < before ? [each] : [];
  });
  return { consumers, next: found.length > limit ? listed.at(-1)?.sortKey : undefined };
}
