/** The reshaper: an inventory and what a consumer holds of it move from a root to its child, and back. */
import type { Scene, Site } from "../scene.ts";
import { Turns } from "../scene.ts";
import { claimBody, inventory, MOVED_CLASS, type Movable } from "../world.ts";

interface Placed extends Movable {
  readonly below: boolean;
  readonly generations: readonly [root: number, child: number];
  readonly consumerGeneration: number;
}

/** Reads where it is now. */
async function placed({ load }: Site, { root, child, consumer }: Movable): Promise<Placed> {
  const get = async (path: string) =>
    JSON.parse((await load.expect({ method: "GET", path, expected: 200 })).text);
  const [above, below] = [
    await get(`/resource_providers/${root}/inventories`),
    await get(`/resource_providers/${child}/inventories`),
  ];
  return {
    ...{ root, child, consumer },
    below: MOVED_CLASS in below.inventories,
    generations: [above.resource_provider_generation, below.resource_provider_generation],
    consumerGeneration: (await get(`/allocations/${consumer}`)).consumer_generation,
  };
}

function reshape({ root, child, consumer, below, generations, consumerGeneration }: Placed) {
  const moved = { [MOVED_CLASS]: inventory(8) };
  const entry = (generation: number, has: boolean) => ({
    resource_provider_generation: generation,
    inventories: has ? moved : {},
  });
  const holder = below ? root : child;
  const body = {
    inventories: {
      [root]: entry(generations[0], below),
      [child]: entry(generations[1], !below),
    },
    allocations: {
      [consumer]: claimBody({ [holder]: { [MOVED_CLASS]: 1 } }, consumerGeneration),
    },
  };
  return { method: "POST", path: "/reshaper", body, expected: 204 } as const;
}

type Steps = readonly [root: number, child: number];

/** By how much a move raises the generations: measured, so that no request has to read them. */
async function stepsOf(site: Site, from: Placed): Promise<{ after: Placed; steps: Steps }> {
  await site.load.expect(reshape(from));
  const after = await placed(site, from);
  const [root, child] = after.generations;
  return { after, steps: [root - from.generations[0], child - from.generations[1]] };
}

export const RESHAPE: Scene = {
  name: "reshaper",
  operations: [{ name: "POST reshaper", kind: "other" }],
  start: async (site) => {
    const all = [];
    for (const one of site.world.movable) all.push(await placed(site, one));
    const [first, ...others] = all as [Placed, ...Placed[]];
    const once = await stepsOf(site, first);
    const twice = await stepsOf(site, once.after);
    const steps = { [`${first.below}`]: once.steps, [`${!first.below}`]: twice.steps };
    const turns = new Turns([twice.after, ...others]);
    const act = () =>
      turns.take(async (from) => {
        await site.measured(reshape(from));
        const [root, child] = steps[`${from.below}`] as Steps;
        return {
          ...from,
          below: !from.below,
          generations: [from.generations[0] + root, from.generations[1] + child],
          consumerGeneration: from.consumerGeneration + 1,
        };
      });
    return { acts: [act] };
  },
};
