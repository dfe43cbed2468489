/** The order of all providers, which a view keeps over changes that move none of them. */
import { expect, test } from "vitest";
import { byCreation, type Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { type ShardView, View } from "../../lib/store/cache/snapshot/view.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import { chance } from "../support/chance.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";

const COUNT = 60;
const ROUNDS = 200;

function provider(index: number, created: number, generation: number): Provider {
  const made = fleetProvider({ uuid: fleetUuid(1, index) });
  return { ...made, state: { ...made.state, created, generation } };
}

function shardsOf(providers: Iterable<Provider>): ShardView[] {
  const shards = Array.from({ length: SHARDS }, () => new Map<Uuid, Provider>());
  for (const each of providers) shards[shardOf(each.state.uuid)]?.set(each.state.uuid, each);
  return shards.map((own) => ({ version: 0, fullAt: 0, pending: new Set(), providers: own }));
}

test("after changes, arrivals, departures and returns the order is that of a new sorting", () => {
  const random = chance("order of providers");
  const now = new Map<Uuid, Provider>();
  let view = View.empty();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const changes = new Map<Uuid, Provider | undefined>();
    for (let change = random.below(4); change > 0; change -= 1) {
      const index = random.below(COUNT);
      const uuid = fleetUuid(1, index);
      const before = now.get(uuid);
      const comes = before === undefined && random.below(3) > 0;
      const created = before?.state.created ?? random.below(5);
      if (comes || (before !== undefined && random.below(6) > 0)) {
        changes.set(
          uuid,
          provider(index, random.below(12) === 0 ? random.below(5) : created, round),
        );
      } else if (before !== undefined) changes.set(uuid, undefined);
    }
    for (const [uuid, each] of changes) {
      if (each === undefined) now.delete(uuid);
      else now.set(uuid, each);
    }
    view = view.next({ sequence: round, shards: shardsOf(now.values()), commits: 0, changes });
    expect(view.inOrder()).toEqual([...now.values()].sort(byCreation));
  }
});
