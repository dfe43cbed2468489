/**
 * The profiles that a claim relies on whose candidates come from providers as they were: their
 * parents, traits and aggregates are in them. Inventories and use are in the conditions of every claim.
 */
import type { Candidate } from "../../model/candidates/candidate.ts";
import type { Snapshot } from "../../model/snapshot/snapshot.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { View } from "../cache/snapshot/view.ts";
import { shardOf } from "../items/shard.ts";

/**
 * The versions, by provider. Undefined unless each candidate is of one provider that is a root:
 * else it relies on other providers too, such as the traits of the root, or that two share an
 * aggregate.
 */
export function profilesOf(
  view: View,
  snapshot: Snapshot,
  candidates: readonly Candidate[],
): ReadonlyMap<Uuid, number> | undefined {
  const versions = new Map<Uuid, number>();
  for (const { allocations, mappings } of candidates) {
    const [provider, ...others] = new Set([
      ...allocations.keys(),
      ...[...mappings.values()].flat(),
    ]);
    if (provider === undefined || others.length > 0) return undefined;
    const row = snapshot.rowOf(provider);
    const version = view.find(shardOf(provider), provider)?.state.profileVersion;
    if (version === undefined || snapshot.rootOf(row) !== row) return undefined;
    versions.set(provider, version);
  }
  return versions;
}
