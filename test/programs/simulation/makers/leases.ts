/** Leases begin with claims and new consumers, and are renewed or confirmed. */
import type { Chance } from "../../../support/chance.ts";
import type { Operation, WriteOperation } from "../operation.ts";
import { refused, type Verdict, type World, withLease } from "../world.ts";
import { type Maker, write } from "./scene.ts";

/** Seconds: some end while requests are under way, some are renewed before. */
const SECONDS = [1, 5, 20, 60];

/** Puts the header on a maker's request, now and then. */
export function leasing(
  make: Maker,
  consumersOf: (request: WriteOperation["request"]) => readonly string[],
): Maker {
  return (scene) => {
    const operation = make(scene);
    if (operation.kind !== "write" || scene.random.below(2) === 0) return operation;
    const seconds = scene.random.pick(SECONDS);
    return withHeader(operation, seconds, consumersOf(operation.request));
  };
}

function withHeader(
  operation: WriteOperation,
  seconds: number,
  consumers: readonly string[],
): Operation {
  return {
    ...operation,
    name: `${operation.name}, with a lease`,
    request: { ...operation.request, headers: { "placement-lease": String(seconds) } },
    apply: (world, commit) => {
      const verdict = operation.apply(world, commit);
      if (!("world" in verdict) || verdict.world === world) return verdict;
      return { ...verdict, world: allLeased(verdict.world, consumers, seconds) };
    },
  };
}

/** Those that hold nothing afterwards are gone. */
function allLeased(world: World, consumers: readonly string[], seconds: number): World {
  return consumers
    .filter((uuid) => world.consumers.has(uuid))
    .reduce((each, uuid) => withLease(each, uuid, seconds), world);
}

/** Of a lease that there is, as far as the client knows. */
function leasedConsumer({ random, cast, world }: Parameters<Maker>[0]): string {
  const leased = [...world.leases.keys()];
  return leased.length === 0 || random.below(8) === 0
    ? random.pick(cast.consumers)
    : random.pick(leased);
}

/** Mostly without the version, as far as the client knows. */
function versionOf(random: Chance, known: number | undefined): number | undefined {
  if (known === undefined || random.below(3) > 0) return undefined;
  return random.below(6) === 0 ? 1 : known;
}

export const renewLease: Maker = (scene) => {
  const { random, world: known } = scene;
  const uuid = leasedConsumer(scene);
  const seconds = random.pick(SECONDS);
  const version = versionOf(random, known.leases.get(uuid)?.version);
  const body = { seconds, ...(version === undefined ? {} : { lease_version: version }) };
  const request = { method: "PUT", path: `/consumers/${uuid}/lease`, body } as const;
  const renewal = write("renew lease", request, (world) => {
    const verdict = applyLease(world, uuid, seconds);
    if (!("world" in verdict) || version === undefined) return verdict;
    return version === world.leases.get(uuid)?.version ? verdict : refused("409 lease version");
  });
  return { ...renewal, showsEarlier: true };
};

export const confirmLease: Maker = (scene) => {
  const uuid = leasedConsumer(scene);
  const request = { method: "DELETE", path: `/consumers/${uuid}/lease` } as const;
  return write("confirm lease", request, (world) => {
    const verdict = applyLease(world, uuid, undefined);
    return "world" in verdict ? { status: 204, world: verdict.world } : verdict;
  });
};

/** @param seconds undefined: a confirmation */
function applyLease(world: World, uuid: string, seconds: number | undefined): Verdict {
  const consumer = world.consumers.get(uuid);
  if (consumer === undefined) return refused("404 consumer");
  if (world.leases.get(uuid)?.term === undefined) return refused("409 no lease");
  const { generation } = consumer;
  return { status: 200, world: withLease(world, uuid, seconds), generation };
}
