/**
 * Makes consumers what another service shows of them: generation, owner and allocations. Their
 * look-up items and the use of their providers follow in the same transaction.
 */
import { isDeepStrictEqual } from "node:util";
import { type PlannedConsumer, providerChanges, type WriteStamp } from "../../model/claim.ts";
import type { Allocations, Consumer } from "../../model/consumer.ts";
import type { ContentConsumer } from "../../model/content/content.ts";
import { allocationsChanged } from "../../model/history/consumer-change.ts";
import { AllocationClassNotFound } from "../../model/refusals/consumers.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import type { GuardedWrite } from "../changes/guarded-write.ts";
import { readConsumers } from "../consumers/change.ts";
import { stampOf } from "../consumers/stamp.ts";
import { consumerWrite, lookupWrites } from "../consumers/writes.ts";
import { consumer as item } from "../items/consumer.ts";
import { hotKey } from "../items/hot.ts";
import type { Planner, Store } from "../store.ts";
import { set } from "../table/expressions.ts";
import { useWrites } from "./use-write.ts";

export interface ImportedConsumer {
  readonly uuid: Uuid;
  /** Undefined: the consumer is removed. */
  readonly wanted: ContentConsumer | undefined;
}

/**
 * All of `consumers` in one change, or none.
 * @param options.asIs brings in what exceeds a capacity
 * @throws AllocationClassNotFound, AllocationProviderNotFound, ClaimExceedsCapacity,
 *   ClaimWithoutInventory
 */
export function consumersImport(
  store: Store,
  consumers: readonly ImportedConsumer[],
  { asIs }: { readonly asIs: boolean },
): Planner<void> {
  return async () => {
    const before = await readConsumers(
      store,
      consumers.map(({ uuid }) => uuid),
    );
    const directory = await store.classes({ names: consumers.flatMap(classesOf) });
    const stamp = stampOf(store);
    const planned = consumers.flatMap(({ uuid, wanted }, place): PlannedConsumer[] => {
      const known = before.get(uuid);
      const after = wanted && imported(wanted, known, { directory, stamp, place });
      if (after === undefined ? known === undefined : isSame(known, after)) return [];
      const request = { consumer: uuid, generation: undefined };
      return [{ request, before: known, after, raisesEmptied: false }];
    });
    const nameOf = (id: number) => directory.nameOf(id) ?? String(id);
    const context = { asIs, now: stamp.now, nameOf };
    const changes = providerChanges(planned);
    const writes = [
      ...planned.map(ownWrite),
      ...changes.flatMap((change) => useWrites(change, context)),
      ...planned.flatMap((each) => lookupWrites(each.before, each.after)),
    ];
    // Providers whose use stays are not written.
    const named = changes.map(({ provider }) => hotKey(provider));
    return { writes, named, result: undefined, changed: allocationsChanged(planned) };
  };
}

function classesOf({ wanted }: ImportedConsumer): string[] {
  return [...(wanted?.allocations.values() ?? [])].flatMap((amounts) => [...amounts.keys()]);
}

interface Import {
  readonly directory: NameDirectory;
  readonly stamp: WriteStamp;
  readonly place: number;
}

/**
 * The consumer as it is to be stored. Where its generation has not risen, it was deleted and
 * made again: it begins a new incarnation.
 * @throws AllocationClassNotFound
 */
function imported(
  { uuid, generation, project, user, type, ...wanted }: ContentConsumer,
  before: Consumer | undefined,
  { directory, stamp, place }: Import,
): Consumer {
  const { writeId, now } = stamp;
  const goesOn = before !== undefined && generation > before.generation;
  return {
    ...{ uuid, generation, project, user, type, writeId },
    incarnation: goesOn ? before.incarnation : writeId,
    allocations: withIds(uuid, wanted.allocations, directory),
    claimed: { at: now, place },
    created: goesOn ? before.created : now,
    updated: now,
    // Placement has no leases: one that began here stays.
    ...(before?.lease && { lease: before.lease }),
  };
}

function withIds(
  uuid: Uuid,
  named: ContentConsumer["allocations"],
  directory: NameDirectory,
): Allocations {
  const idOf = (name: string) => {
    const id = directory.idOf(name);
    if (id === undefined) throw new AllocationClassNotFound(name, uuid);
    return id;
  };
  return new Map(
    [...named].map(([provider, amounts]) => [
      provider,
      new Map([...amounts].map(([name, amount]) => [idOf(name), amount])),
    ]),
  );
}

/** Whether all that a service shows is the same; the order of what is held is not. */
function isSame(known: Consumer | undefined, wanted: Consumer): boolean {
  const shown = ({ generation, project, user, type, allocations }: Consumer) => [
    ...[generation, project, user, type],
    allocations,
  ];
  return known !== undefined && isDeepStrictEqual(shown(known), shown(wanted));
}

/** Other changes of a consumer keep its incarnation. */
function ownWrite(planned: PlannedConsumer): GuardedWrite {
  const own = consumerWrite(planned);
  const { before, after } = planned;
  if (own.write.kind !== "update" || after === undefined) return own;
  if (before?.incarnation === after.incarnation) return own;
  const changes = [
    ...own.write.changes,
    set(item.incarnation, after.incarnation),
    set(item.created, after.created),
  ];
  return { ...own, write: { ...own.write, changes } };
}
