/** What metrics are made from: providers, and if asked for what consumers hold of them. */
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import { readHoldersOfMany } from "../../lib/store/consumers/holders.ts";
import type { HeldAllocation } from "../../lib/store/items/holder.ts";
import { viewOf } from "../../lib/store/providers/view.ts";
import type { Store } from "../../lib/store/store.ts";
import { isInPart, needsParts, type Part } from "./parts.ts";

/** Providers of one answer whose consumers are read: each costs a query. */
export const MAX_HELD = 1_000;
/** Consumers of these providers together. */
export const MAX_HOLDERS = 100_000;

export interface Fleet {
  /** In the order of their creation. */
  readonly providers: readonly Provider[];
  /** By provider; undefined: not asked for. Providers that are absent have no consumers. */
  readonly holders: ReadonlyMap<Uuid, readonly HeldAllocation[]> | undefined;
  readonly classes: NameDirectory;
}

/** @throws AnswerNeedsParts, Busy */
export async function readFleet(store: Store, part: Part, allocations: boolean): Promise<Fleet> {
  const { providers, holders } = allocations
    ? await store.list(async (reader) => {
        const found = await readProviders(store, part);
        const held = found.filter(({ state }) => state.consumers > 0);
        checkHeld(held, part);
        const uuids = held.map(({ state }) => state.uuid);
        return { providers: found, holders: await readHoldersOfMany(reader, uuids) };
      })
    : { providers: await readProviders(store, part), holders: undefined };
  const ids = new Set<number>();
  for (const { state } of providers) for (const id of state.inventories.keys()) ids.add(id);
  for (const each of holders?.values() ?? []) {
    for (const { amounts } of each) for (const id of amounts.keys()) ids.add(id);
  }
  return { providers, holders, classes: await store.classes({ ids }) };
}

async function readProviders(store: Store, part: Part): Promise<readonly Provider[]> {
  const view = await viewOf(store);
  return view.inOrder().filter(({ state }) => isInPart(state.uuid, part));
}

/** @throws AnswerNeedsParts */
function checkHeld(held: readonly Provider[], part: Part): void {
  const holders = held.reduce((sum, { state }) => sum + state.consumers, 0);
  const times = Math.max(held.length / MAX_HELD, holders / MAX_HOLDERS);
  if (times > 1) throw needsParts(part, times);
}
