/** The least length of an answer, computed before it is built: large trees have large answers. */
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

/** Characters of the shortest entries: `"<uuid>":{"resources":{}},` and so on. */
const PROVIDER = '"":{"resources":{}},'.length + 36;
const AMOUNT = '"A":1,'.length;
const RESOURCE = '"A":{"capacity":0,"used":0},'.length;
const QUOTED = '"",'.length;

interface Shown {
  readonly snapshot: Snapshot;
  readonly candidates: readonly Candidate[];
  /** The providers that are summarised. */
  readonly rows: readonly number[];
  /** Whether a class is part of the summaries. */
  shows(id: number): boolean;
}

export function leastLength(
  { snapshot, candidates, rows, shows }: Shown,
  { traits: names }: { readonly traits: NameDirectory },
  version: Minor,
): number {
  const { firstSlot, slots, classes, traits } = snapshot.columns;
  let length = 0;
  for (const { allocations } of candidates) {
    for (const amounts of allocations.values()) length += PROVIDER + amounts.size * AMOUNT;
  }
  /** By set: hosts of one kind share theirs. */
  const lengths = new Map<number, number>();
  for (const row of rows) {
    length += PROVIDER;
    const first = firstSlot[row] ?? 0;
    for (let slot = first; slot < first + (slots[row] ?? 0); slot += 1) {
      if (shows(classes[slot] ?? 0)) length += RESOURCE;
    }
    if (version < minor("1.17")) continue;
    const set = traits[row] ?? 0;
    const known = lengths.get(set) ?? lengthOf(snapshot.interned.traitSets.idsOf(set), names);
    lengths.set(set, known);
    length += known;
  }
  return length;
}

function lengthOf(traits: Iterable<number>, names: NameDirectory): number {
  let length = 0;
  for (const id of traits) length += (names.nameOf(id)?.length ?? 0) + QUOTED;
  return length;
}
