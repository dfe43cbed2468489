/** Builds snapshots, from providers or from another snapshot. */
import type { Provider } from "../provider.ts";
import type { Uuid } from "../uuid.ts";
import { NONE, noColumns } from "./columns.ts";
import { Dictionary } from "./dictionary.ts";
import { Draft } from "./draft.ts";
import { IdSets } from "./id-sets.ts";
import type { Interned } from "./interned.ts";
import { type ProviderRecord, recordAt, recordOf } from "./record.ts";
import { SetTexts } from "./set-texts.ts";
import { Snapshot } from "./snapshot.ts";
import { relink } from "./trees.ts";

/** The maximum ratio of unused to used interned data. */
const MAX_WASTE = 2;
const WASTE_ALLOWANCE = 1_024;

/** A snapshot of `providers`; of a provider given twice the last one counts. */
export function buildSnapshot(providers: Iterable<Provider>): Snapshot {
  return fromRecords(Array.from(providers, recordOf));
}

/**
 * A snapshot that differs in a few providers, at the cost of copying some arrays.
 * @param changed are added, or replace earlier records
 * @param removed may name absent providers; a provider that is also in `changed` stays
 */
export function updateSnapshot(
  snapshot: Snapshot,
  changed: Iterable<Provider>,
  removed: Iterable<Uuid>,
): Snapshot {
  const updated = applied(snapshot, Array.from(changed, recordOf), removed);
  return isWasteful(updated) ? fromRecords([...recordsOf(updated)]) : updated;
}

function fromRecords(records: readonly ProviderRecord[]): Snapshot {
  const traitSets = new IdSets();
  const interned: Interned = {
    providers: new Dictionary(),
    aggregates: new Dictionary(),
    traitSets,
    traitTexts: new SetTexts(traitSets),
    aggregateSets: new IdSets(),
  };
  return applied(new Snapshot(interned, noColumns(), 0), records, []);
}

function applied(
  snapshot: Snapshot,
  given: readonly ProviderRecord[],
  removed: Iterable<Uuid>,
): Snapshot {
  const records = [...new Map(given.map((record) => [record.uuid, record])).values()];
  const { interned } = snapshot;
  const draft = draftFor(snapshot, records);
  const moved = new Set<number>();
  const came = new Set<number>();
  const left = new Set(Array.from(removed, (uuid) => snapshot.rowOf(uuid)));
  left.delete(NONE);
  for (const record of records) {
    const row = interned.providers.intern(record.uuid);
    left.delete(row);
    if (snapshot.rootOf(row) === NONE) came.add(row);
    if (writeRecord(draft, interned, row, record)) moved.add(row);
  }
  for (const row of [...came, ...left]) moved.add(row);
  for (const row of left) draft.write("slots", row, 0);
  const present = (row: number) =>
    came.has(row) || (snapshot.rootOf(row) !== NONE && !left.has(row));
  const roots =
    moved.size === 0 ? snapshot.columns.roots : relinked(snapshot, draft, moved, present);
  const columns = draft.finish(roots);
  return new Snapshot(interned, columns, snapshot.size + came.size - left.size, snapshot);
}

function draftFor({ interned, columns }: Snapshot, records: readonly ProviderRecord[]): Draft {
  let slots = columns.classes.length;
  for (const { uuid, parent, inventories } of records) {
    const row = interned.providers.intern(uuid);
    if (parent !== undefined) interned.providers.intern(parent);
    if (inventories.length > (columns.slots[row] ?? 0)) slots += inventories.length;
  }
  return new Draft(columns, interned.providers.size, slots);
}

/** @returns whether the provider's parent has changed */
function writeRecord(
  draft: Draft,
  interned: Interned,
  row: number,
  { parent, traits, aggregates, inventories }: ProviderRecord,
): boolean {
  const above = parent === undefined ? NONE : interned.providers.intern(parent);
  const moved = (draft.read("parent", row) ?? NONE) !== above;
  draft.write("parent", row, above);
  draft.write("traits", row, interned.traitSets.intern(traits));
  const indices = Array.from(aggregates, (uuid) => interned.aggregates.intern(uuid));
  draft.write("aggregates", row, interned.aggregateSets.intern(indices));
  draft.writeInventories(row, inventories);
  return moved;
}

function relinked(
  { columns, interned }: Snapshot,
  draft: Draft,
  moved: ReadonlySet<number>,
  present: (row: number) => boolean,
): Int32Array {
  const links = { parent: draft.own("parent"), root: draft.own("root"), next: draft.own("next") };
  return relink(links, columns.roots, moved, present, interned.providers);
}

function isWasteful({ size, interned, columns }: Snapshot): boolean {
  const slots = columns.slots.reduce((sum, count) => sum + count, 0);
  const wasteful = (kept: number, used: number) => kept > MAX_WASTE * used + WASTE_ALLOWANCE;
  return (
    wasteful(interned.providers.size, size) ||
    wasteful(interned.traitSets.size, size) ||
    wasteful(interned.aggregateSets.size, size) ||
    wasteful(columns.classes.length, slots)
  );
}

function* recordsOf(snapshot: Snapshot): Generator<ProviderRecord> {
  const rows = snapshot.columns.root.length;
  for (let row = 0; row < rows; row += 1) {
    if (snapshot.rootOf(row) !== NONE) yield recordAt(snapshot, row);
  }
}
