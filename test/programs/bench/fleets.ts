/** The worlds that are measured. */
import type { Provider } from "../../../lib/model/provider.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { fleetProvider, fleetUuid } from "../../support/fleet.ts";

export const [VCPU, MEMORY_MB, DISK_GB, VGPU] = [0, 1, 2, 9] as const;
const TRAITS_OF_HOST = 60;
/** Hosts of so many kinds, by their traits. */
const KINDS = 20;
const AGGREGATES = 40;
const NODES = 2;
const DEVICES = 4;

/** Traits of a host; `kind` changes the last few. */
export function traitsOf(kind: number): number[] {
  return Array.from({ length: TRAITS_OF_HOST }, (_, n) => 3 * n + (n < 50 ? 0 : kind % 3)).sort(
    (a, b) => a - b,
  );
}

const aggregateOf = (index: number): Uuid => fleetUuid(0xa66, index % AGGREGATES);
/** Every third host is half used. */
const usedOf = (index: number) => (index % 3 === 0 ? 30 : 0);
/** One host in 200 has twice the processors: what only these hold is scarce. */
const processorsOf = (index: number) => (index % 200 === 7 ? 128 : 64);

/** Hosts without children: three classes, 60 traits, one aggregate each. */
export function flat(count: number): Provider[] {
  return Array.from({ length: count }, (_, index) =>
    fleetProvider({
      uuid: fleetUuid(1, index),
      traits: traitsOf(index % KINDS),
      aggregates: [aggregateOf(index)],
      totals: { [VCPU]: processorsOf(index), [MEMORY_MB]: 262_144, [DISK_GB]: 2_000 },
      used: usedOf(index),
    }),
  );
}

/** Roots with a disk, two NUMA nodes each with processors and memory, four devices below each. */
export function nested(roots: number): Provider[] {
  return Array.from({ length: roots }, (_, index) => nestedTree(index)).flat();
}

function nestedTree(index: number): Provider[] {
  const root = fleetUuid(2, index);
  const traits = traitsOf(index % KINDS);
  const host = fleetProvider({
    uuid: root,
    traits,
    aggregates: [aggregateOf(index)],
    totals: { [DISK_GB]: 2_000 },
  });
  const nodes = Array.from({ length: NODES }, (_, node) => {
    const uuid = fleetUuid(3, index * NODES + node);
    const totals = { [VCPU]: processorsOf(index) / NODES, [MEMORY_MB]: 131_072 };
    const made = fleetProvider({ uuid, parent: root, root, totals, used: usedOf(index) / 2 });
    const devices = Array.from({ length: DEVICES }, (_, device) =>
      fleetProvider({
        uuid: fleetUuid(4, (index * NODES + node) * DEVICES + device),
        parent: uuid,
        root,
        traits: [3],
        totals: { [VGPU]: 1 },
      }),
    );
    return [made, ...devices];
  });
  return [host, ...nodes.flat()];
}

/** One root with `devices` providers below it, each with `total` of one class. */
export function wide(devices: number, total: number): Provider[] {
  const root = fleetUuid(5, 0);
  const children = Array.from({ length: devices }, (_, index) =>
    fleetProvider({ uuid: fleetUuid(6, index), parent: root, root, totals: { [VGPU]: total } }),
  );
  return [fleetProvider({ uuid: root }), ...children];
}
