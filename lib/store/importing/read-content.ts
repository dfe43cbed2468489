/** Reads all that a table holds, by names, to compare it with another service. */
import type { Consumer } from "../../model/consumer.ts";
import type { Content, ContentConsumer, ContentProvider } from "../../model/content/content.ts";
import type { Inventory } from "../../model/inventory.ts";
import type { Provider } from "../../model/provider.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import { readConsumers } from "../consumers/change.ts";
import { readHoldersOfMany } from "../consumers/holders.ts";
import { viewOf } from "../providers/view.ts";
import type { Store } from "../store.ts";

/** Providers, or consumers, that are read with one store: each has a deadline of its own. */
const PROVIDERS = 1_000;
const CONSUMERS = 2_000;

/** @param open gives a store whose deadline is that of one part of the reading */
export async function readContent(open: () => Store): Promise<Content> {
  const providers = (await viewOf(open())).inOrder();
  const consumers = await readHolding(open, providers);
  const store = open();
  const names = await namesOf(store, providers, consumers);
  const [classes, traits] = [
    await store.customNames("CLASSES"),
    await store.customNames("TRAITS"),
  ].map((customs) => new Set(customs.map(({ name }) => name)));
  return {
    classes: classes ?? new Set(),
    traits: traits ?? new Set(),
    providers: new Map(
      providers.map((provider) => [provider.state.uuid, shownProvider(provider, names)]),
    ),
    consumers: new Map(
      consumers.map((consumer) => [consumer.uuid, shownConsumer(consumer, names.classes)]),
    ),
  };
}

/** The consumers that hold something on any of `providers`. */
async function readHolding(open: () => Store, providers: readonly Provider[]): Promise<Consumer[]> {
  const used = providers.filter(({ state }) => state.consumers > 0).map(({ state }) => state.uuid);
  const uuids = new Set<Uuid>();
  for (const some of parts(used, PROVIDERS)) {
    const holders = await open().list((reader) => readHoldersOfMany(reader, some));
    for (const { consumer } of [...holders.values()].flat()) uuids.add(consumer);
  }
  const found: Consumer[] = [];
  for (const some of parts([...uuids], CONSUMERS)) {
    const consumers = await open().list((reader) => readConsumers(reader, some));
    found.push(...[...consumers.values()].filter(({ allocations }) => allocations.size > 0));
  }
  return found;
}

function* parts<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

interface Names {
  readonly classes: NameDirectory;
  readonly traits: NameDirectory;
}

async function namesOf(
  store: Store,
  providers: readonly Provider[],
  consumers: readonly Consumer[],
): Promise<Names> {
  const classes = new Set(providers.flatMap(({ state }) => [...state.inventories.keys()]));
  for (const { allocations } of consumers) {
    for (const amounts of allocations.values()) for (const id of amounts.keys()) classes.add(id);
  }
  const traits = new Set(providers.flatMap(({ profile }) => profile.traits));
  return {
    classes: await store.classes({ ids: classes }),
    traits: await store.traits({ ids: traits }),
  };
}

const nameIn = (directory: NameDirectory, id: number) => directory.nameOf(id) ?? String(id);

function shownProvider({ state, profile }: Provider, { classes, traits }: Names): ContentProvider {
  const { name, parent, aggregates, writtenAggregates } = profile;
  return {
    uuid: state.uuid,
    name,
    parent,
    generation: state.generation,
    inventories: new Map(
      [...state.inventories].map(([id, { used: _used, free: _free, ...inventory }]) => [
        nameIn(classes, id),
        inventory satisfies Inventory,
      ]),
    ),
    traits: new Set(profile.traits.map((id) => nameIn(traits, id))),
    aggregates: writtenAggregates ?? aggregates,
  };
}

function shownConsumer(consumer: Consumer, classes: NameDirectory): ContentConsumer {
  const { uuid, generation, project, user, type } = consumer;
  const allocations = [...consumer.allocations].map(([provider, amounts]) => {
    const named = [...amounts].map(([id, amount]) => [nameIn(classes, id), amount] as const);
    return [provider, new Map(named)] as const;
  });
  return { uuid, generation, project, user, type, allocations: new Map(allocations) };
}
