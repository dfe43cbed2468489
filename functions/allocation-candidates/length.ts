/** The least length of an answer, computed before it is built: large trees have large answers. */
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import type { ProviderSummary } from "../../lib/model/candidates/summaries.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

/** Characters of the shortest entries: `"<uuid>":{"resources":{}},` and so on. */
const PROVIDER = '"":{"resources":{}},'.length + 36;
const AMOUNT = '"A":1,'.length;
const RESOURCE = '"A":{"capacity":0,"used":0},'.length;
const QUOTED = '"",'.length;

interface Shown {
  readonly candidates: readonly Candidate[];
  readonly summaries: readonly ProviderSummary[];
}

export function leastLength(
  { candidates, summaries }: Shown,
  { traits: names }: { readonly traits: NameDirectory },
  version: Minor,
): number {
  let length = 0;
  for (const { allocations } of candidates) {
    for (const amounts of allocations.values()) length += PROVIDER + amounts.size * AMOUNT;
  }
  for (const { resources, traits } of summaries) {
    length += PROVIDER + resources.length * RESOURCE;
    if (version < minor("1.17")) continue;
    for (const id of traits) length += (names.nameOf(id)?.length ?? 0) + QUOTED;
  }
  return length;
}
