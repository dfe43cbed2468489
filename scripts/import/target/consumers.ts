/** Writes the consumers of an import, several in one transaction. */
import type { Content } from "../../../lib/model/content/content.ts";
import { consumersImport, type ImportedConsumer } from "../../../lib/store/importing/consumers.ts";
import { inParallel } from "../../../lib/store/table/parallel.ts";
import type { Phase } from "../progress.ts";
import { type Note, unlessRefused, type Wanted, type WriteParts } from "./writing.ts";

/** Below the 100 of a transaction. */
const MAX_WRITES = 90;
/**
 * How often consumers that do not fit are tried again, as long as others do: one may fit as soon
 * as another holds less.
 */
const MAX_ROUNDS = 10;

/** Those that hold nothing any more go first. */
export async function writeConsumers(parts: WriteParts, wanted: Wanted, note: Note): Promise<void> {
  const differing = new Set(
    wanted.differences.filter(({ of }) => of === "consumer").map(({ id }) => id),
  );
  const { source, table } = wanted;
  const all = [...new Set([...source.consumers.keys(), ...table.consumers.keys()])]
    .filter((uuid) => differing.has(uuid))
    .map((uuid) => ({ uuid, wanted: source.consumers.get(uuid) }));
  const phase = parts.progress.phase("writing consumers", all.length);
  const inBatches = (given: readonly ImportedConsumer[]) =>
    tryAll(parts, batchesOf(given, wanted.table), phase);
  await inBatches(all.filter((each) => each.wanted === undefined));
  let refused = await inBatches(all.filter((each) => each.wanted !== undefined));
  for (let round = 1; round < MAX_ROUNDS && refused.size > 0; round += 1) {
    const again = [...refused.keys()].map((each) => [each]);
    const still = await tryAll(parts, again, phase);
    if (still.size === refused.size) break;
    refused = still;
  }
  for (const [{ uuid }, reason] of refused) note("consumer", uuid, reason);
  phase.done();
}

/** Consumers of the same provider together, as many as one transaction takes. */
function batchesOf(given: readonly ImportedConsumer[], table: Content): ImportedConsumer[][] {
  const batches: ImportedConsumer[][] = [];
  let room = 0;
  for (const each of given.toSorted(byProvider)) {
    const held = each.wanted?.allocations.size ?? 0;
    const before = table.consumers.get(each.uuid)?.allocations.size ?? 0;
    // Its own item, two under projects, two events; and of each provider its item and the one under it.
    const writes = 5 + 2 * (held + before);
    if (writes > room) {
      batches.push([]);
      room = MAX_WRITES;
    }
    batches.at(-1)?.push(each);
    room -= writes;
  }
  return batches;
}

function byProvider(a: ImportedConsumer, b: ImportedConsumer): number {
  const [first, second] = [a, b].map(({ wanted }) => [...(wanted?.allocations.keys() ?? [])][0]);
  return (first ?? "") < (second ?? "") ? -1 : Number(first !== second);
}

/** @returns the consumers that are not allowed, with the reasons */
async function tryAll(
  { target, asIs, width }: WriteParts,
  batches: readonly (readonly ImportedConsumer[])[],
  phase: Phase,
): Promise<Map<ImportedConsumer, string>> {
  const refused = new Map<ImportedConsumer, string>();
  const write = (batch: readonly ImportedConsumer[]) =>
    target.change((store) => consumersImport(store, batch, { asIs }));
  const writeBatch = async (batch: readonly ImportedConsumer[]) => {
    let whole = true;
    await unlessRefused(
      () => write(batch),
      () => {
        whole = false;
      },
    );
    for (const each of whole ? [] : batch) {
      await unlessRefused(
        () => write([each]),
        (reason) => refused.set(each, reason),
      );
    }
    phase.step(batch.filter((each) => !refused.has(each)).length);
  };
  await inParallel(batches, writeBatch, width);
  return refused;
}
