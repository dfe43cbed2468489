/** Hosts whose owners are gone: they are emptied, call by call, and removed with all below them. */
import type { Attempt } from "../history.ts";
import type { Operation, WriteOperation } from "../operation.ts";
import {
  applyEmptying,
  applySubtreeDeath,
  type Emptying,
  isFairSubtreeRefusal,
  wrongEmptying,
} from "../operations/emptying.ts";
import { type Walk, walkConsumers } from "../operations/walk.ts";
import { replaceAllocations } from "./claims.ts";
import { repeated, underKey } from "./repeats.ts";
import { type Maker, path, type Scene, TYPES, write } from "./scene.ts";

const LIMITS = [1, 2, 3, 10, 100];
/** Calls of one client for one host. */
const MAX_CALLS = 12;

export const emptyHost: Maker = (scene) => {
  const { random, cast, world } = scene;
  const used = cast.providers.filter((uuid) =>
    [...world.consumers.values()].some(({ allocations }) => allocations[uuid] !== undefined),
  );
  const provider = random.pick(used.length > 0 && random.below(6) > 0 ? used : cast.providers);
  return emptying(scene, { provider, limit: random.pick(LIMITS) }, MAX_CALLS);
};

function emptying(scene: Scene, given: Emptying, calls: number): Operation {
  const target = path(given.provider, `/allocations?limit=${given.limit}`);
  const plain: WriteOperation = {
    ...write("empty host", { method: "DELETE", path: target }, (world, commit) =>
      applyEmptying(world, given, commit),
    ),
    passesLeases: true,
    told: (history, attempt) => wrongEmptying(given, history, attempt),
    next: (attempt, later) => {
      if (calls === 0 || attempt.answer?.status === 404) return undefined;
      if (attempt.answer?.body?.more === false) return removalAfter(later, given);
      return emptying(later, given, calls - 1);
    },
  };
  if (scene.random.below(2) === 0) return plain;
  return repeated(underKey(scene.random, plain), {
    before: (attempt, later) => claimAgain(attempt, later, given.provider),
  });
}

function removalAfter(scene: Scene, { provider }: Emptying): Operation | undefined {
  return scene.random.below(2) === 0 ? removal(scene, provider) : undefined;
}

/** Of a consumer that was released, before the repeat of its release. */
function claimAgain({ answer }: Attempt, scene: Scene, provider: string): Operation | undefined {
  const [first] = (answer?.body?.released ?? []) as readonly { readonly consumer_uuid: string }[];
  if (first === undefined || scene.random.below(2) === 0) return undefined;
  const cast = { ...scene.cast, consumers: [first.consumer_uuid], providers: [provider] };
  return replaceAllocations({ ...scene, cast });
}

export const removeSubtree: Maker = (scene) =>
  removal(scene, scene.random.pick(scene.cast.providers));

function removal({ random }: Scene, top: string): Operation {
  const plain: WriteOperation = {
    ...write(
      "delete subtree",
      { method: "DELETE", path: path(top, "?subtree=true") },
      (world, commit) => applySubtreeDeath(world, top, commit),
    ),
    isFair: (cause, worlds, detail) => isFairSubtreeRefusal(cause, worlds, { top, detail }),
  };
  return random.below(2) === 0 ? plain : repeated(underKey(random, plain));
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
