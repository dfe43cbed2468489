/** Nested hosts as a data centre has them, and servers on them. */

import { grouped } from "../../../console/model/grouped.ts";
import type { Consumer } from "../../../lib/model/consumer.ts";
import { withUse } from "../../../lib/model/inventory.ts";
import type { Provider } from "../../../lib/model/provider.ts";
import { STANDARD_TRAIT_IDS } from "../../../lib/model/standard-traits.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { consumerItem } from "../../../lib/store/items/consumer.ts";
import { allocationItem } from "../../../lib/store/items/holder.ts";
import { projectItem } from "../../../lib/store/items/project-consumer.ts";
import { treeItem } from "../../../lib/store/items/tree.ts";
import type { Api } from "../../support/api.ts";
import { fleetProvider, fleetUuid } from "../../support/fleet.ts";
import { seedItems, seedProviders } from "../../support/seeded.ts";

const [VCPU, MEMORY_MB, DISK_GB, VGPU] = [0, 1, 2, 10] as const;
/** Kinds of uuids. */
const [HOST, NUMA, GPU, RACK, SERVER] = [1, 2, 3, 4, 5] as const;
const HOSTS_OF_RACK = 40;
/** Each eighth host has a GPU. */
const GPUS = 8;
const HOUR = 3_600_000;
export const NUMA_MEMORY = 131_072;

export const hostUuid = (index: number): Uuid => fleetUuid(HOST, index);
export const hostName = (index: number): string =>
  `compute-${String(index).padStart(5, "0")}.example.org`;
export const numaUuid = (host: number, node: number): Uuid => fleetUuid(NUMA, 2 * host + node);
export const gpuUuid = (host: number): Uuid => fleetUuid(GPU, host);
export const serverUuid = (index: number): Uuid => fleetUuid(SERVER, index);

const traitId = (name: string) => STANDARD_TRAIT_IDS.get(name) ?? 0;
const CPU = ["HW_CPU_X86_AVX2", "HW_CPU_X86_SSE42", "HW_CPU_X86_VMX"];

const named = ({ state, profile }: Provider, name: string): Provider => ({
  state,
  profile: { ...profile, name },
});

function host(index: number): Provider[] {
  const root = hostUuid(index);
  const aggregates = [fleetUuid(RACK, Math.floor(index / HOSTS_OF_RACK))];
  const traits = CPU.map(traitId);
  const made = [
    named(
      fleetProvider({ uuid: root, totals: { [DISK_GB]: 2_000 }, aggregates, traits }),
      hostName(index),
    ),
    ...[0, 1].map((node) =>
      named(
        fleetProvider({
          uuid: numaUuid(index, node),
          ...{ parent: root, root },
          totals: { [VCPU]: 64, [MEMORY_MB]: NUMA_MEMORY },
          traits: [traitId("HW_NUMA_ROOT")],
        }),
        `${hostName(index)}_numa${node}`,
      ),
    ),
  ];
  if (index % GPUS !== 0) return made;
  const gpu = fleetProvider({
    uuid: gpuUuid(index),
    ...{ parent: numaUuid(index, 0), root },
    totals: { [VGPU]: 8 },
    traits: [traitId("HW_GPU_API_VULKAN")],
  });
  return [...made, named(gpu, `${hostName(index)}_gpu0`)];
}

/** A number from 0 to 1 that looks like chance and is the same each time. */
const mixed = (index: number) => (Math.imul(index + 1, 0x9e3779b1) >>> 8) / 2 ** 24;

/** How many servers a host gets: many are well used, some are empty. */
const serversOn = (index: number) => Math.floor(4 * mixed(index) ** 0.7);

interface Server {
  readonly uuid: Uuid;
  readonly size: number;
  readonly numa: Uuid;
  readonly root: Uuid;
  readonly index: number;
}

function serversOf(hosts: number): Server[] {
  const places = Array.from({ length: hosts }, (_, host) =>
    Array.from({ length: serversOn(host) }, (_server, place) => [host, place] as const),
  ).flat();
  return places.map(([host, place], index) => ({
    uuid: serverUuid(index),
    size: 1 + (index % 5),
    numa: numaUuid(host, place % 2),
    root: hostUuid(host),
    index,
  }));
}

const amountsOf = ({ size, numa, root }: Server) =>
  new Map([
    [
      numa,
      new Map<number, number>([
        [VCPU, 8 * size],
        [MEMORY_MB, 12_288 * size],
      ]),
    ],
    [root, new Map<number, number>([[DISK_GB, 100 * size]])],
  ]);

function consumerOf(server: Server, now: number): Consumer {
  const { index, uuid } = server;
  return {
    uuid,
    generation: 1,
    writeId: "o",
    incarnation: "l",
    project: `project-${index % 7}`,
    user: `user-${index % 11}`,
    type: "INSTANCE",
    allocations: amountsOf(server),
    claimed: { at: now, place: 0 },
    created: now,
    updated: now,
  };
}

/** The provider with what servers use of it. */
function used({ state, profile }: Provider, by: readonly Server[]): Provider {
  const sums = new Map<number, number>();
  for (const server of by) {
    for (const [resourceClass, amount] of amountsOf(server).get(state.uuid) ?? []) {
      sums.set(resourceClass, (sums.get(resourceClass) ?? 0) + amount);
    }
  }
  const inventories = [...state.inventories].map(
    ([id, inventory]) => [id, withUse(inventory, sums.get(id) ?? 0)] as const,
  );
  return { state: { ...state, inventories: new Map(inventories), consumers: by.length }, profile };
}

/** Written straight into the table: hosts, and servers on them. @returns how many servers */
export async function seedHosts(api: Api, count: number): Promise<number> {
  const servers = serversOf(count);
  const on = grouped(
    servers.flatMap((server) => [server.numa, server.root].map((at) => ({ at, server }))),
    ({ at }) => at,
  );
  const providers = Array.from({ length: count }, (_, index) => host(index)).flat();
  await seedProviders(
    api,
    providers.map((each) =>
      used(
        each,
        (on.get(each.state.uuid) ?? []).map(({ server }) => server),
      ),
    ),
  );
  const trees = grouped(providers, ({ profile }) => profile.root ?? profile.uuid);
  await seedItems(
    api,
    [...trees].map(([root, members]) => {
      const parents = new Map(members.map(({ profile }) => [profile.uuid, profile.parent]));
      return treeItem({ root, version: 1, parents });
    }),
  );
  const now = Date.now() - HOUR;
  const items = servers.flatMap((server) => {
    const consumer = consumerOf(server, now);
    const held = [...consumer.allocations].map(([at, amounts]) =>
      allocationItem(consumer, at, amounts),
    );
    return [consumerItem(consumer), projectItem(consumer), ...held];
  });
  await seedItems(api, items);
  return servers.length;
}
