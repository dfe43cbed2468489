/** A table whose lists are larger than what a function can return. */
import type { Consumer } from "../../lib/model/consumer.ts";
import { withUse } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { FIRST_CUSTOM_ID } from "../../lib/model/standard-classes.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { consumerItem } from "../../lib/store/items/consumer.ts";
import { customNameKey, type NameKind } from "../../lib/store/items/custom-name.ts";
import { allocationItem } from "../../lib/store/items/holder.ts";
import { NAMES_KEY } from "../../lib/store/items/names.ts";
import { projectItem } from "../../lib/store/items/project-consumer.ts";
import type { Item } from "../../lib/store/table/item.ts";
import type { Api } from "./api.ts";
import { fleetProvider, fleetUuid } from "./fleet.ts";
import { seedItems, seedProviders } from "./seeded.ts";

export const [HOSTS, CHILDREN, TRAITS_OF_EACH] = [240, 16, 90] as const;
export const [CLASSES, TRAITS] = [11_000, 24_500] as const;
const [VCPU, VGPU] = [0, 10] as const;
/** What PUT writes at most, and what one item can hold of inventories: 400 KB. */
export const [AGGREGATES, INVENTORIES] = [20_000, 8_000] as const;
export const PAGE = 1_000;

const NOW = 1_700_000_000_000;
/** Takes 7 bytes in the JSON of a JSON. */
const WIDE = "\u0001";

/** Has every trait there is. */
export const SPECIAL = fleetUuid(7, 0);
/** Has inventories of many classes, and aggregates. */
export const STORE = fleetUuid(7, 1);
export const CONSUMER = fleetUuid(8, 0);
export const [PROJECT, IDLE_PROJECT] = ["large", WIDE.repeat(255)] as const;

const named = (index: number) => `CUSTOM_${String(index).padStart(248, "0")}`;
const ids = (count: number) => Array.from({ length: count }, (_, index) => FIRST_CUSTOM_ID + index);

function names(kind: NameKind, count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({
    ...customNameKey(kind, named(index)),
    id: FIRST_CUSTOM_ID + index,
    users: 1,
    created: NOW,
    updated: NOW,
  }));
}

const renamed = ({ state, profile }: Provider): Provider => ({
  state,
  profile: { ...profile, name: `${WIDE.repeat(150)}${profile.name}` },
});

function fleet(): Provider[] {
  const traits = Array.from({ length: TRAITS_OF_EACH }, (_, index) => 3 * index);
  return Array.from({ length: HOSTS }, (_, host) => {
    const root = fleetUuid(1, host);
    const children = Array.from({ length: CHILDREN }, (_child, index) =>
      fleetProvider({
        uuid: fleetUuid(2, host * CHILDREN + index),
        parent: root,
        root,
        traits,
        totals: { [VGPU]: 4 },
      }),
    );
    return [fleetProvider({ uuid: root, traits, totals: { [VCPU]: 64 } }), ...children];
  })
    .flat()
    .map(renamed);
}

function store(): Provider {
  const made = fleetProvider({
    uuid: STORE,
    aggregates: Array.from({ length: AGGREGATES }, (_, index) => fleetUuid(3, index)),
  });
  const unit = { total: 1, minUnit: 1, maxUnit: 1, stepSize: 1, allocationRatio: 1, reserved: 0 };
  const inventories = ids(INVENTORIES).map((id) => [id, withUse(unit, 0)] as const);
  return { ...made, state: { ...made.state, inventories: new Map(inventories) } };
}

function holder(index: number, providers: readonly Uuid[]): Consumer {
  const amounts = new Map(ids(CLASSES).map((id) => [id, 1] as const));
  return {
    uuid: fleetUuid(8, index),
    generation: 1,
    writeId: "o",
    incarnation: "l",
    project: PROJECT,
    user: "user",
    type: `TYPE_${index}`,
    allocations: new Map(providers.map((provider) => [provider, amounts])),
    claimed: { at: NOW, place: 0 },
    created: NOW,
    updated: NOW,
  };
}

function idle(index: number): Item {
  const user = `${WIDE.repeat(251)}${String(index).padStart(4, "0")}`;
  const consumer = { ...holder(100 + index, []), project: IDLE_PROJECT, user };
  return projectItem({ ...consumer, type: "T".repeat(255) });
}

export async function seedLargeFleet(api: Pick<Api, "client" | "tableName">): Promise<void> {
  const special = fleetProvider({ uuid: SPECIAL, traits: ids(TRAITS), totals: { [VCPU]: 1 } });
  const one = [fleetUuid(1, 0)];
  const holders = [
    holder(
      0,
      [0, 1, 2].map((host) => fleetUuid(1, host)),
    ),
    holder(1, one),
    holder(2, one),
  ];
  await seedProviders(api, [...fleet(), special, store()]);
  await seedItems(api, [
    ...names("CLASSES", CLASSES),
    ...names("TRAITS", TRAITS),
    { ...NAMES_KEY, version: 1, next: FIRST_CUSTOM_ID + TRAITS },
    ...Array.from({ length: PAGE }, (_, index) => idle(index)),
  ]);
  // One by one: some of them come near what an item may have.
  for (const consumer of holders) {
    const amounts = consumer.allocations.get(fleetUuid(1, 0)) ?? new Map();
    await seedItems(api, [consumerItem(consumer)]);
    await seedItems(api, [allocationItem(consumer, fleetUuid(1, 0), amounts)]);
    await seedItems(api, [projectItem(consumer)]);
  }
}
