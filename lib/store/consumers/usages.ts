/** The usages of a project: of all consumers, or of a large project what has changed since. */
import { ALL, type UsageGroup, UsageGroups } from "../../model/usages.ts";
import type { Shareable } from "../cache/shared.ts";
import { ProjectUsages } from "../cache/usages/cache.ts";
import { usageLimits } from "../cache/usages/limits.ts";
import { readProjectItems } from "../cache/usages/read-project.ts";
import { userHash, usingConsumerOf } from "../items/project-consumer.ts";
import type { Store } from "../store.ts";
import type { Reader } from "../table/reader.ts";

export interface UsageFilter {
  readonly user: string | undefined;
  /** One consumer type; `ALL`: one group of all; undefined: each type. */
  readonly type: string | undefined;
}

const projectUsages: Shareable<ProjectUsages> = ({ snapshotMaxAge, paysUnits }) =>
  new ProjectUsages(snapshotMaxAge, usageLimits(paysUnits));

/**
 * By consumer type, never half of a large change.
 * @throws Busy
 */
export async function usagesOf(
  store: Store,
  project: string,
  filter: UsageFilter,
): Promise<Map<string, UsageGroup>> {
  const cache = store.shared(projectUsages);
  const user = filter.user === undefined ? undefined : userHash(filter.user);
  const { groups } = await store.list(
    async (reader, logged) => {
      const kept = logged ? cache.find(project, user, store.clock.now()) : undefined;
      if (kept === undefined) {
        return { groups: await readUsages(reader, project, filter), commits: undefined };
      }
      const { sums, commits } = await kept.fresh(reader);
      return { groups: sums.groups(user, filter.type), commits };
    },
    ({ commits }) => commits,
  );
  if (user === undefined) cache.found(project, countIn(groups));
  return groups;
}

function countIn(groups: ReadonlyMap<string, UsageGroup>): number {
  let count = 0;
  for (const group of groups.values()) count += group.count;
  return count;
}

/**
 * By consumer type, read in full. Keeps one page of consumers at a time.
 * @param limit of a page
 */
export async function readUsages(
  reader: Reader,
  project: string,
  { user, type }: UsageFilter,
  limit?: number,
): Promise<Map<string, UsageGroup>> {
  const groups = new UsageGroups(type);
  const reading = { user, byType: type !== ALL, ...(limit === undefined ? {} : { limit }) };
  await readProjectItems(reader, project, reading, (item) => groups.add(usingConsumerOf(item)));
  return groups.result();
}
