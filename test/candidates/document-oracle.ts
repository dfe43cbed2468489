import { resourcesDocument } from "../../functions/shared/resources.ts";
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { Store } from "../../lib/store/store.ts";
import { type ProviderSummary, summarize } from "./summaries.ts";

/** The candidates of a query, and the snapshot that they were found in. */
export interface Found {
  readonly snapshot: Snapshot;
  readonly query: CandidateQuery;
  readonly candidates: readonly Candidate[];
}

interface Directories {
  readonly classes: NameDirectory;
  readonly traits: NameDirectory;
}

/**
 * Candidates as the API shows them, as a value: built member by member, it says what the text
 * of an answer has to be.
 *
 * Source: Placement API reference, "List allocation candidates".
 */
export async function candidatesDocument(store: Store, found: Found, version: Minor) {
  const { snapshot, query, candidates } = found;
  const asked = new Set(query.groups.flatMap(({ resources }) => [...resources.keys()]));
  const summaries = summarize(snapshot, candidates, {
    wholeTrees: version >= minor("1.29"),
    classes: version >= minor("1.27") ? undefined : asked,
  });
  const directories = await directoriesFor(store, summaries);
  return {
    allocation_requests: candidates.map((candidate) =>
      requestDocument(candidate, directories.classes, version),
    ),
    provider_summaries: Object.fromEntries(
      summaries.map((summary) => [summary.uuid, summaryDocument(summary, directories, version)]),
    ),
  };
}

async function directoriesFor(
  store: Store,
  summaries: readonly ProviderSummary[],
): Promise<Directories> {
  const classes = new Set(summaries.flatMap(({ resources }) => resources.map(({ id }) => id)));
  const traits = new Set<number>();
  for (const summary of summaries) for (const id of summary.traits) traits.add(id);
  return {
    classes: await store.classes({ ids: classes }),
    traits: await store.traits({ ids: traits }),
  };
}

function requestDocument(
  { allocations, mappings }: Candidate,
  classes: NameDirectory,
  version: Minor,
) {
  const shown = [...allocations].map(
    ([uuid, amounts]) => [uuid, resourcesDocument(amounts, classes)] as const,
  );
  if (version < minor("1.12")) {
    const list = shown.map(([uuid, resources]) => ({ resource_provider: { uuid }, resources }));
    return { allocations: list };
  }
  const byProvider = shown.map(([uuid, resources]) => [uuid, { resources }]);
  return {
    allocations: Object.fromEntries(byProvider),
    ...(version >= minor("1.34") ? { mappings: Object.fromEntries(mappings) } : {}),
  };
}

function summaryDocument(
  { resources, traits, parent, root }: ProviderSummary,
  directories: Directories,
  version: Minor,
) {
  const shown = resources.flatMap(({ id, capacity, used }) => {
    const name = directories.classes.nameOf(id);
    return name === undefined ? [] : [[name, { capacity, used }] as const];
  });
  return {
    resources: Object.fromEntries(shown),
    ...(version >= minor("1.17") ? { traits: traitNames(traits, directories.traits) } : {}),
    ...(version >= minor("1.29")
      ? { parent_provider_uuid: parent ?? null, root_provider_uuid: root }
      : {}),
  };
}

function traitNames(traits: Iterable<number>, directory: NameDirectory): string[] {
  const names: string[] = [];
  for (const id of traits) {
    const name = directory.nameOf(id);
    if (name !== undefined) names.push(name);
  }
  return names.sort();
}
