/** The requests of clients, drawn from the seed and from what they may have read before. */
import type { Chance } from "../../support/chance.ts";
import {
  manageAllocations,
  manageCrowd,
  releaseAllocations,
  replaceAllocations,
  replaceWithoutGeneration,
} from "./makers/claims.ts";
import { changeConsumer, createConsumer, deleteConsumer } from "./makers/consumers.ts";
import { emptyCrowdedHost, emptyHost, removeSubtree, walkAll } from "./makers/dead-hosts.ts";
import { atRoots, inGrove } from "./makers/groves.ts";
import {
  changeInventory,
  removeInventory,
  replaceInventories,
  reshape,
} from "./makers/inventories.ts";
import { confirmLease, leasing, renewLease } from "./makers/leases.ts";
import { maintain, readSomething } from "./makers/others.ts";
import {
  changeAggregates,
  changeNames,
  changeTraits,
  createProvider,
  deleteProvider,
  updateProvider,
} from "./makers/providers.ts";
import { claimByQuery } from "./makers/query-claims.ts";
import { inventory, type Maker, path, type Scene, write } from "./makers/scene.ts";
import type { Operation, WriteOperation } from "./operation.ts";
import { applyReplace } from "./operations/inventories.ts";
import { applyBirth } from "./operations/providers.ts";
import { speltAnyhow } from "./spelt.ts";

type Request = WriteOperation["request"];
const named = ({ body }: Request): string[] => Object.keys(body as object);
const created = ({ body }: Request): string[] => [(body as { uuid: string }).uuid];
const queried = ({ body }: Request): string[] =>
  (body as { consumers: { uuid: string }[] }).consumers.map(({ uuid }) => uuid);

/** Each with how often it is done, beside the others. */
const MAKERS: readonly (readonly [Maker, number])[] = [
  [leasing(replaceAllocations, ({ path }) => [path.slice(-36)]), 20],
  [replaceWithoutGeneration, 6],
  [leasing(manageAllocations, named), 10],
  [leasing(manageCrowd, named), 5],
  [releaseAllocations, 8],
  [leasing(claimByQuery, queried), 8],
  [leasing(createConsumer, created), 4],
  [renewLease, 12],
  [confirmLease, 3],
  [changeConsumer, 6],
  [deleteConsumer, 3],
  [createProvider, 6],
  [updateProvider, 6],
  [deleteProvider, 3],
  [replaceInventories, 8],
  [changeInventory, 5],
  [removeInventory, 4],
  [changeTraits, 5],
  [changeAggregates, 3],
  [changeNames, 6],
  [reshape, 5],
  [emptyHost, 5],
  [emptyCrowdedHost, 3],
  [inGrove(emptyHost), 2],
  [removeSubtree, 3],
  [atRoots(removeSubtree), 5],
  [inGrove(replaceAllocations), 4],
  [inGrove(createProvider), 2],
  [inGrove(updateProvider), 2],
  [inGrove(changeTraits), 2],
  [walkAll, 4],
  [readSomething, 22],
  [maintain, 6],
];

/** The operations of one round: not all in every round, so that each is exercised often. */
export class Workload {
  readonly #choices: Maker[] = [];

  constructor(random: Chance) {
    for (const [maker, weight] of MAKERS) {
      const share = random.pick([0, 1, 1, 1, 3]);
      for (let index = 0; index < weight * share; index += 1) this.#choices.push(maker);
    }
    if (this.#choices.length === 0) this.#choices.push(replaceAllocations);
  }

  next(scene: Scene): Operation {
    return speltAnyhow(scene.random, scene.random.pick(this.#choices)(scene));
  }
}

/** Something to begin with: providers that offer something. */
export function firstSteps(scene: Scene): Operation[] {
  const { cast } = scene;
  return cast.providers.flatMap((uuid, index) => {
    const name = `provider-${index}`;
    const above = index % 3 === 0 ? undefined : cast.providers[index - 1];
    const parent = above === undefined ? {} : { parent_provider_uuid: above };
    const inventories = { VCPU: { ...inventory(scene, true), max_unit: 1_000, step_size: 1 } };
    const replace = { resource_provider_generation: 0, inventories };
    return [
      write(
        "create provider",
        { method: "POST", path: "/resource_providers", body: { uuid, name, ...parent } },
        (world) => applyBirth(world, { uuid, name, parent: above }),
      ),
      write(
        "replace inventories",
        { method: "PUT", path: path(uuid, "/inventories"), body: replace },
        (world) => applyReplace(world, uuid, 0, inventories),
      ),
    ];
  });
}
