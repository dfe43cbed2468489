/**
 * Makes an existing provider what another service shows of it: its generation, inventories,
 * traits and aggregates in one transaction. Its name and parent are changed as any client
 * changes them.
 */
import { writtenAggregates } from "../../model/aggregates.ts";
import type { ContentProvider } from "../../model/content/content.ts";
import { providerChanged } from "../../model/history/provider-change.ts";
import { type Inventories, type Inventory, sameInventory, withUse } from "../../model/inventory.ts";
import type { Provider } from "../../model/provider.ts";
import { ClassNotFound } from "../../model/refusals/classes.ts";
import { ProviderNotFound } from "../../model/refusals/providers.ts";
import { UnknownTraits } from "../../model/refusals/traits.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { NameDirectory } from "../cache/names.ts";
import { type GuardedWrite, replan } from "../changes/guarded-write.ts";
import { aggregatesAttribute, spellingsAttribute } from "../items/aggregates.ts";
import { hot, hotKey } from "../items/hot.ts";
import { encodeIds } from "../items/id-set.ts";
import { profile } from "../items/profile.ts";
import { nextVersion } from "../items/versions.ts";
import { customUses } from "../names/custom-uses.ts";
import { added, joined, type Part, reconfigured, removed } from "../providers/inventory-writes.ts";
import { profileWrites } from "../providers/profile-writes.ts";
import { readProvider } from "../providers/read.ts";
import type { Planner, Store } from "../store.ts";
import { type Change, equals, remove, set } from "../table/expressions.ts";

/**
 * A class that is not wanted and still used stays: it goes once its consumers have gone.
 * @returns a planner whose result is whether such a class stays
 * @throws ProviderNotFound, ClassNotFound, UnknownTraits
 */
export function providerImport(store: Store, wanted: ContentProvider): Planner<boolean> {
  return async () => {
    const found = await readProvider(store, wanted.uuid);
    if (found === undefined) throw new ProviderNotFound(wanted.uuid);
    const inventories = await inventoryPart(store, found, wanted);
    const own = await profilePart(store, found, wanted);
    const { stays, part } = inventories;
    const { generation } = found.state;
    const hotChanges: Change[] = [
      ...(generation === wanted.generation ? [] : [set(hot.generation, wanted.generation)]),
      ...part.changes,
    ];
    if (hotChanges.length === 0 && own.changes.length === 0) {
      return { writes: [], fulfilled: [hotKey(wanted.uuid)], result: stays };
    }
    const writes = profileWrites(found, {
      changes: own.changes,
      version: nextVersion(store.random, found.profile.version),
      now: store.clock.now(),
      hot: {
        changes: hotChanges,
        when: [equals(hot.generation, generation), ...part.when],
        verdict: () => replan,
      },
    });
    return {
      writes: [...writes, ...inventories.uses, ...own.uses],
      result: stays,
      changed: [
        providerChanged("update", found, {
          state: {
            ...found.state,
            generation: wanted.generation,
            inventories: inventories.after,
          },
          profile: { ...found.profile, ...own.after },
        }),
      ],
    };
  };
}

interface InventoryPart {
  readonly part: Part;
  readonly uses: readonly GuardedWrite[];
  readonly stays: boolean;
  readonly after: Inventories;
}

async function inventoryPart(
  store: Store,
  { state }: Provider,
  { inventories }: ContentProvider,
): Promise<InventoryPart> {
  const known = state.inventories;
  const directory = await store.classes({ names: inventories.keys(), ids: known.keys() });
  const wanted = new Map<ClassId, Inventory>();
  for (const [name, inventory] of inventories) {
    const id = directory.idOf(name);
    if (id === undefined) throw new ClassNotFound(name);
    wanted.set(id, inventory);
  }
  const unwanted = [...known].filter(([id]) => !wanted.has(id));
  const gone = unwanted.filter(([, { used }]) => used === 0).map(([id]) => id);
  const fresh = [...wanted.keys()].filter((id) => !known.has(id));
  const parts = [...wanted].map(([id, inventory]) => {
    const from = known.get(id);
    if (from === undefined) return added(id, inventory);
    return sameInventory(from, inventory)
      ? { changes: [], when: [] }
      : reconfigured(id, from, inventory);
  });
  return {
    part: joined([...parts, ...gone.map(removed)]),
    uses: [...customUses(directory, fresh, 1), ...customUses(directory, gone, -1)],
    stays: unwanted.length > gone.length,
    after: new Map([
      ...unwanted.filter(([, { used }]) => used > 0),
      ...[...wanted].map(([id, each]) => [id, withUse(each, known.get(id)?.used ?? 0)] as const),
    ]),
  };
}

/** Changes of the profile, and of the counts of custom traits. */
async function profilePart(store: Store, { profile: known }: Provider, wanted: ContentProvider) {
  const names = [...wanted.traits];
  const directory = await store.traits({ names, ids: known.traits });
  const traits = idsOf(directory, names);
  const gained = traits.filter((id) => !known.traits.includes(id));
  const lost = known.traits.filter((id) => !traits.includes(id));
  const written = writtenAggregates(wanted.aggregates);
  const encoded =
    traits.length === 0 ? remove(profile.traits) : set(profile.traits, encodeIds(traits));
  return {
    changes: [
      ...(gained.length + lost.length === 0 ? [] : [encoded]),
      ...aggregateChanges(known.writtenAggregates ?? known.aggregates, wanted.aggregates),
    ],
    uses: [...customUses(directory, gained, 1), ...customUses(directory, lost, -1)],
    after: {
      traits,
      aggregates: [...written.keys()],
      writtenAggregates: [...written.values()],
    },
  };
}

/** @throws UnknownTraits */
function idsOf(directory: NameDirectory, names: readonly string[]): number[] {
  const unknown = names.filter((name) => directory.idOf(name) === undefined);
  if (unknown.length > 0) throw new UnknownTraits(unknown);
  return names.map((name) => directory.idOf(name) ?? -1).sort((a, b) => a - b);
}

/** None if both have the same: a service may show aggregates in any order. */
function aggregateChanges(known: readonly string[], wanted: readonly string[]): Change[] {
  if (known.length === wanted.length && wanted.every((text) => known.includes(text))) return [];
  const written = writtenAggregates(wanted);
  const spellings = spellingsAttribute([...written.values()]);
  return [
    written.size === 0
      ? remove(profile.aggregates)
      : set(profile.aggregates, aggregatesAttribute([...written.keys()])),
    spellings.length === 0 ? remove(profile.spellings) : set(profile.spellings, spellings),
  ];
}
