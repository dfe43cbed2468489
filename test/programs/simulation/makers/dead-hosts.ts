/** Hosts whose owners are gone: they are emptied, call by call, and removed with all below them. */
import type { Attempt } from "../history.ts";
import type { Operation, WriteOperation } from "../operation.ts";
import {
  applyEmptying,
  applySubtreeDeath,
  type Emptying,
  inUse,
  isFairSubtreeRefusal,
  wrongEmptying,
} from "../operations/emptying.ts";
import { type Walk, walkConsumers } from "../operations/walk.ts";
import { replaceAllocations } from "./claims.ts";
import { repeated, underKey } from "./repeats.ts";
import { claimOf, claims, type Maker, path, type Scene, TYPES, write } from "./scene.ts";

const ALL = 100;
const LIMITS = [1, 2, 3, 10, ALL];
/** Calls of one client for one host, and tries to remove one subtree. */
const MAX_CALLS = 12;
const MAX_REMOVALS = 6;

/** What the client does when the host is empty. */
type Then = (scene: Scene) => Operation | undefined;

const removing =
  (top: string): Then =>
  (later) =>
    later.random.below(3) === 0 ? removal(later, top) : undefined;

export const emptyHost: Maker = (scene) => {
  const { random, cast, world } = scene;
  const used = cast.providers.filter((uuid) =>
    [...world.consumers.values()].some(({ allocations }) => allocations[uuid] !== undefined),
  );
  const provider = random.pick(used.length > 0 && random.below(6) > 0 ? used : cast.providers);
  return emptying(scene, { provider, limit: random.pick(LIMITS) }, removing(provider));
};

function emptying(scene: Scene, given: Emptying, then: Then, calls = MAX_CALLS): Operation {
  const target = path(given.provider, `/allocations?limit=${given.limit}`);
  const plain: WriteOperation = {
    ...write("empty host", { method: "DELETE", path: target }, (world, commit) =>
      applyEmptying(world, given, commit),
    ),
    passesLeases: true,
    told: (history, attempt) => wrongEmptying(given, history, attempt),
    next: ({ answer }, later) => {
      if (calls === 0) return undefined;
      if (answer?.status === 404 || answer?.body?.more === false) return then(later);
      return emptying(later, given, then, calls - 1);
    },
  };
  if (scene.random.below(2) === 0) return plain;
  return repeated(underKey(scene.random, plain), {
    before: (attempt, later) => claimAgain(attempt, later, given.provider),
  });
}

/** Of a consumer that was released, before the repeat of its release. */
function claimAgain({ answer }: Attempt, scene: Scene, provider: string): Operation | undefined {
  const [first] = (answer?.body?.released ?? []) as readonly { readonly consumer_uuid: string }[];
  if (first === undefined || scene.random.below(2) === 0) return undefined;
  const cast = { ...scene.cast, consumers: [first.consumer_uuid], providers: [provider] };
  return replaceAllocations({ ...scene, cast });
}

/** More consumers on one host than one transaction releases, before it is emptied. */
export const emptyCrowdedHost: Maker = (scene) => {
  const { random, cast, world } = scene;
  const provider = random.pick(cast.providers);
  const [name = "VCPU"] = Object.keys(world.providers.get(provider)?.inventories ?? {});
  const given = cast.crowd.map((consumer) => ({
    ...claimOf(scene, consumer, { [provider]: { [name]: 1 } }),
    generation: world.consumers.get(consumer)?.generation ?? null,
  }));
  return {
    ...claims("crowd a host", given),
    next: (_, later) =>
      emptying(later, { provider, limit: later.random.pick([10, ALL, ALL]) }, removing(provider)),
  };
};

export const removeSubtree: Maker = (scene) => {
  const { random, cast, world } = scene;
  const known = cast.providers.filter((uuid) => world.providers.has(uuid));
  return removal(
    scene,
    random.pick(known.length > 0 && random.below(6) > 0 ? known : cast.providers),
  );
};

/** Empties the providers that are in use, one after the other, and tries again. */
function removal(scene: Scene, top: string, tries = MAX_REMOVALS): Operation {
  const plain: WriteOperation = {
    ...write(
      "delete subtree",
      { method: "DELETE", path: path(top, "?subtree=true") },
      (world, commit) => applySubtreeDeath(world, top, commit),
    ),
    isFair: (cause, worlds, detail) => isFairSubtreeRefusal(cause, worlds, { top, detail }),
    next: ({ answer }, later) => {
      const provider = inUse(String(answer?.body?.errors?.[0]?.detail ?? ""));
      if (provider === undefined || tries === 0 || later.random.below(4) === 0) return undefined;
      return emptying(later, { provider, limit: ALL }, (then) => removal(then, top, tries - 1));
    },
  };
  return scene.random.below(2) === 0 ? plain : repeated(underKey(scene.random, plain));
}

export const walkAll: Maker = ({ random, cast }) => {
  const walk: Walk = {
    limit: random.pick([1, 3, 10, 1_000]),
    provider: random.below(3) === 0 ? random.pick(cast.providers) : undefined,
    type: random.below(3) === 0 ? random.pick([...TYPES, "unknown"]) : undefined,
    olderThan: random.below(3) === 0 ? random.pick([0, 1, 20, 60]) : undefined,
  };
  return walkConsumers(walk);
};
