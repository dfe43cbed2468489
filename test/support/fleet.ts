/** Providers as a data centre has them, made from a number: for sizes that no test writes by hand. */
import { withUse } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { ClassId } from "../../lib/model/standard-classes.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { Chance } from "./chance.ts";
import { uuidOf } from "./uuids.ts";

/** The same uuid for the same numbers, and spread over the shards. */
export function fleetUuid(kind: number, index: number): Uuid {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return uuidOf(`${hex(mixed, 8)}-${hex(kind, 4)}-4000-8000-${hex(index, 12)}`);
}

export interface FleetProvider {
  readonly uuid: Uuid;
  readonly parent?: Uuid | undefined;
  readonly root?: Uuid;
  readonly traits?: readonly number[];
  readonly aggregates?: readonly Uuid[];
  /** Totals by class. */
  readonly totals?: Readonly<Record<ClassId, number>>;
  readonly used?: number;
}

export function fleetProvider(given: FleetProvider): Provider {
  const { uuid, parent, root = parent ?? uuid, traits = [], aggregates = [], used = 0 } = given;
  const now = 1_700_000_000_000;
  const inventories = Object.entries(given.totals ?? {}).map(([id, total]) => {
    const unit = { minUnit: 1, maxUnit: total, stepSize: 1, allocationRatio: 1, reserved: 0 };
    return [Number(id), withUse({ total, ...unit }, used)] as const;
  });
  const version = 2 ** 47 + 12_345;
  return {
    state: {
      uuid,
      generation: 7,
      revision: 2 ** 47 + 67_890,
      profileVersion: version,
      inventories: new Map(inventories),
      consumers: used,
      created: now,
      updated: now,
    },
    profile: {
      uuid,
      version,
      name: `host-${uuid.slice(-12)}.example.org`,
      parent,
      root,
      traits,
      aggregates,
      updated: now,
    },
  };
}

/** Kinds of hosts, by their traits. */
const KINDS = 20;
const TRAITS_OF_HOST = 60;

/** Hosts with three classes, and whatever differs between hosts drawn by `random`. */
export function drawnHosts(count: number, random: Pick<Chance, "below" | "uuid">): Provider[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = index % KINDS;
    const traits = Array.from({ length: TRAITS_OF_HOST }, (_trait, n) => 3 * n + ((kind >> n) % 2));
    const totals = { 0: 64, 1: 262_144, 2: 2_000 };
    const used = 30 * (index % 2);
    const made = fleetProvider({ uuid: random.uuid(), traits, totals, used });
    const version = random.below(2 ** 48);
    const name = `compute-${index}.rack-${random.below(500)}.example.org`;
    const updated = made.profile.updated + random.below(2 ** 32);
    return {
      state: { ...made.state, profileVersion: version, revision: random.below(2 ** 48) },
      profile: { ...made.profile, version, name, updated },
    };
  });
}
