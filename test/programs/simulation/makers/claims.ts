import { applyClaims, applyRelease, claimBody } from "../operations/claims.ts";
import { claimOf, claims, held, type Maker, someOf, write } from "./scene.ts";

export const replaceAllocations: Maker = (scene) => {
  const { random, cast } = scene;
  const consumer = random.pick(cast.consumers);
  const allocations = random.below(7) === 0 ? {} : held(scene, 1 + random.below(3));
  const claim = claimOf(scene, consumer, allocations);
  const request = {
    method: "PUT",
    path: `/allocations/${consumer}`,
    body: claimBody(claim),
  } as const;
  return write("replace allocations", request, (world) => applyClaims(world, [claim]));
};

/** Below 1.28 no generation is named. */
export const replaceWithoutGeneration: Maker = (scene) => {
  const { random, cast } = scene;
  const consumer = random.pick(cast.consumers);
  const claim = {
    ...claimOf(scene, consumer, held(scene, 1 + random.below(2))),
    generation: undefined,
    type: undefined,
  };
  const request = {
    method: "PUT",
    path: `/allocations/${consumer}`,
    version: "1.12",
    body: claimBody(claim),
  } as const;
  return write("replace allocations (1.12)", request, (world) => applyClaims(world, [claim]));
};

export const manageAllocations: Maker = (scene) => {
  const { random, cast } = scene;
  const wanted = someOf(random, cast.consumers, 1 + random.below(3));
  const given = wanted.map((consumer) =>
    claimOf(scene, consumer, random.below(4) === 0 ? {} : held(scene, 1 + random.below(2))),
  );
  return claims("manage allocations", given);
};

/** More items than one transaction holds. */
export const manageCrowd: Maker = (scene) => {
  const { random, cast, world } = scene;
  const providers = someOf(random, cast.providers, 2).filter((uuid) => world.providers.has(uuid));
  const empty = random.below(3) === 0;
  const given = cast.crowd.map((consumer) => {
    const provider = random.pick(providers.length === 0 ? cast.providers : providers);
    const [name = "VCPU"] = Object.keys(world.providers.get(provider)?.inventories ?? {});
    return {
      ...claimOf(scene, consumer, empty ? {} : { [provider]: { [name]: 1 } }),
      generation: world.consumers.get(consumer)?.generation ?? null,
    };
  });
  return claims(empty ? "empty the crowd" : "move the crowd", given);
};

export const releaseAllocations: Maker = ({ random, cast }) => {
  const consumer = random.pick(random.below(6) === 0 ? cast.crowd : cast.consumers);
  return write(
    "delete allocations",
    { method: "DELETE", path: `/allocations/${consumer}` },
    (world) => applyRelease(world, consumer),
  );
};
