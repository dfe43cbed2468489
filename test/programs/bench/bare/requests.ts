/** The requests that are compared with their bare calls. */
import type { Uuid } from "../../../../lib/model/uuid.ts";
import type { Chance } from "../../../support/chance.ts";
import type { Message } from "../peer/load.ts";
import { anyHost, CLAIMED, claimBody, SOME_TRAIT, type World } from "../peer/world.ts";

export interface Drawn {
  readonly message: Message;
  /** A new consumer: another one is put in its place each time. */
  readonly consumer?: Uuid;
}

export interface Compared {
  readonly name: string;
  /** The share of the bare calls' throughput to reach with 32 clients. */
  readonly share?: number;
  draw(world: World, chance: Chance): Drawn;
}

const get = (path: string): Drawn => ({ message: { method: "GET", path, expected: 200 } });
const candidates = Object.entries(CLAIMED).map(([name, amount]) => `${name}:${amount}`);

export const COMPARED: readonly Compared[] = [
  {
    name: "PUT allocations, a new consumer",
    share: 0.7,
    draw: (world, chance) => {
      const consumer = chance.uuid();
      const body = claimBody({ [anyHost(world, chance).uuid]: CLAIMED }, null);
      const path = `/allocations/${consumer}`;
      return { message: { method: "PUT", path, body, expected: 204 }, consumer };
    },
  },
  {
    name: "GET allocations of a consumer",
    draw: ({ consumers }, chance) => get(`/allocations/${chance.pick(consumers).uuid}`),
  },
  {
    name: "GET a provider",
    draw: (world, chance) => get(`/resource_providers/${anyHost(world, chance).uuid}`),
  },
  {
    name: "GET resource_providers, required",
    draw: () => get(`/resource_providers?required=${SOME_TRAIT}`),
  },
  {
    name: "GET candidates, limit=100",
    draw: () => get(`/allocation_candidates?resources=${candidates.join(",")}&limit=100`),
  },
];
