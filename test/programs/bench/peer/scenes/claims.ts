/** Claims of new and of existing consumers, and releases. */
import type { Uuid } from "../../../../../lib/model/uuid.ts";
import { crowd } from "../../../../support/crowd.ts";
import type { Scene, Site } from "../scene.ts";
import { Turns } from "../scene.ts";
import { anyHost, CLAIMED, claimBody, OWNER, POOL_CLASS } from "../world.ts";

const WIDTH = 4;

interface Claimed {
  readonly consumer: Uuid;
  readonly host: Uuid;
  readonly generation: number;
}

/** @returns whether the consumer is there now */
async function claims({ measured }: Site, consumer: Uuid, body: object): Promise<boolean> {
  const path = `/allocations/${consumer}`;
  const answer = await measured({ method: "PUT", path, body, expected: 204 });
  return answer?.status === 204;
}

/** Releases one of them at each call. */
function release({ measured }: Site, claimed: { consumer: Uuid }[]) {
  return async () => {
    const one = claimed.pop();
    if (one === undefined) return false;
    await measured({ method: "DELETE", path: `/allocations/${one.consumer}`, expected: 204 });
    return true;
  };
}

/** Releases what is left, without measuring. */
async function releaseAll({ load }: Site, claimed: { consumer: Uuid }[]): Promise<void> {
  const left = claimed.splice(0);
  await crowd({ width: WIDTH, count: left.length }, async (index) => {
    const path = `/allocations/${left[index]?.consumer}`;
    await load.send({ method: "DELETE", path, expected: 204 });
  });
}

const spread: Scene = {
  name: "claims",
  operations: [
    { name: "PUT allocations, a new consumer on any host", kind: "claim" },
    { name: "GET allocations of a consumer", kind: "other" },
    { name: "PUT allocations, an existing consumer", kind: "other" },
    { name: "DELETE allocations", kind: "other" },
  ],
  start: (site) => {
    const { world, chance, measured } = site;
    const claimed: Claimed[] = [];
    let turns: Turns<Claimed> | undefined;
    const claim = async () => {
      const [consumer, host] = [chance.uuid(), anyHost(world, chance).uuid];
      const body = claimBody({ [host]: CLAIMED }, null);
      if (await claims(site, consumer, body)) claimed.push({ consumer, host, generation: 1 });
      return true;
    };
    const show = async () => {
      if (claimed.length === 0) return false;
      const { consumer } = chance.pick(claimed);
      await measured({ method: "GET", path: `/allocations/${consumer}`, expected: 200 });
      return true;
    };
    const replace = () => {
      turns ??= new Turns(claimed);
      return turns.take(async ({ consumer, host, generation }) => {
        const more = { ...CLAIMED, VCPU: 1 + (generation % 2) };
        const body = claimBody({ [host]: more }, generation);
        await measured({ method: "PUT", path: `/allocations/${consumer}`, body, expected: 204 });
        return { consumer, host, generation: generation + 1 };
      });
    };
    return {
      acts: [claim, show, replace, release(site, claimed)],
      end: () => releaseAll(site, claimed),
    };
  },
};

const onePool: Scene = {
  name: "one-provider",
  operations: [
    { name: "PUT allocations, a new consumer, all on one provider", kind: "claim" },
    { name: "DELETE allocations, all on one provider", kind: "other" },
  ],
  start: (site) => {
    const { world, chance } = site;
    const claimed: { consumer: Uuid }[] = [];
    const claim = async () => {
      const consumer = chance.uuid();
      const body = claimBody({ [world.pool]: { [POOL_CLASS]: 1_000 } }, null);
      if (await claims(site, consumer, body)) claimed.push({ consumer });
      return true;
    };
    return { acts: [claim, release(site, claimed)], end: () => releaseAll(site, claimed) };
  },
};

const pairs: Scene = {
  name: "two-consumers",
  operations: [{ name: "POST allocations, two new consumers", kind: "other" }],
  start: (site) => {
    const { world, chance, measured } = site;
    const claimed: { consumer: Uuid }[] = [];
    const claim = async () => {
      const both = [0, 1].map(() => [chance.uuid(), anyHost(world, chance).uuid] as const);
      const body = Object.fromEntries(
        both.map(([consumer, host]) => [consumer, claimBody({ [host]: CLAIMED }, null, OWNER)]),
      );
      await measured({ method: "POST", path: "/allocations", body, expected: 204 });
      claimed.push(...both.map(([consumer]) => ({ consumer })));
      return true;
    };
    return { acts: [claim], end: () => releaseAll(site, claimed) };
  },
};

export const CLAIMS: readonly Scene[] = [spread, onePool, pairs];
