/** Writes of providers, and of custom names. */
import type { Uuid } from "../../../../../lib/model/uuid.ts";
import type { Answer, Message } from "../load.ts";
import { type Scene, type Site, Turns } from "../scene.ts";
import { CUSTOM_TRAITS, HOST_INVENTORIES, inventory } from "../world.ts";

interface Spare {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Writes so far in this slice. */
  readonly writes: number;
}

/** The spare providers with their generations as they are now. */
async function spares({ load, world }: Site): Promise<Turns<Spare>> {
  const all = [];
  for (const uuid of world.spare) {
    const path = `/resource_providers/${uuid}`;
    const { text } = await load.expect({ method: "GET", path, expected: 200 });
    all.push({ uuid, generation: JSON.parse(text).generation as number, writes: 0 });
  }
  return new Turns(all);
}

type Body = (spare: Spare) => object;

/** The generation that an answer shows; the old one where the write failed. */
function generationOf(answer: Answer | undefined, old: number): number {
  if (answer?.status !== 200) return old;
  return JSON.parse(answer.text).resource_provider_generation ?? old;
}

/** PUT of something of a provider, with its generation in the body and in the answer. */
function replacing(name: string, operation: string, what: string, body: Body): Scene {
  return {
    name,
    operations: [{ name: `PUT ${operation}`, kind: "other" }],
    start: async (site) => {
      const turns = await spares(site);
      const act = () =>
        turns.take(async (spare) => {
          const { uuid, generation, writes } = spare;
          const answer = await site.measured({
            method: "PUT",
            path: `/resource_providers/${uuid}${what}`,
            body: { resource_provider_generation: generation, ...body(spare) },
            expected: 200,
          });
          return { uuid, generation: generationOf(answer, generation), writes: writes + 1 };
        });
      return { acts: [act] };
    },
  };
}

const CHANGED = { ...HOST_INVENTORIES, VCPU: inventory(128, { allocation_ratio: 4 }) };
const AGGREGATES = ["0d3f4c6f-9a6a-4f6b-8f5b-5f108e1f2f5a", "649f477b-9e5b-4f1f-b5b2-1c03c4e8e595"];

const rename: Scene = {
  name: "rename",
  operations: [{ name: "PUT a provider, another name", kind: "other" }],
  start: ({ world, measured }) => {
    const turns = new Turns(world.spare.map((uuid) => ({ uuid, writes: 0 })));
    const act = () =>
      turns.take(async ({ uuid, writes }) => {
        const body = { name: `${uuid}-${writes % 2}` };
        const path = `/resource_providers/${uuid}`;
        await measured({ method: "PUT", path, body, expected: 200 });
        return { uuid, writes: writes + 1 };
      });
    return { acts: [act] };
  },
};

/** A thing is made and deleted at once, in two requests. */
function coming(
  name: string,
  operation: string,
  both: (site: Site) => readonly [make: Message, remove: Message],
): Scene {
  return {
    name,
    operations: [{ name: operation, kind: "other" }],
    start: (site) => ({
      acts: [
        async () => {
          const [make, remove] = both(site);
          await site.measured(make);
          await site.measured(remove);
          return true;
        },
      ],
    }),
  };
}

const nameOf = ({ chance }: Site) =>
  `CUSTOM_BENCH_${chance.uuid().replaceAll("-", "").toUpperCase()}`;

/**
 * Placement draws the ids of resource classes itself. On MariaDB it takes an id that another
 * request has just taken for a name that exists: it answers 204 and has made nothing.
 */
const LOST_ID = { lost: 204 };

const named =
  (kind: "traits" | "resource_classes", more: Pick<Message, "lost"> = {}) =>
  (site: Site): readonly [make: Message, remove: Message] => {
    const path = `/${kind}/${nameOf(site)}`;
    return [
      { method: "PUT", path, expected: 201, ...more },
      { method: "DELETE", path, expected: 204 },
    ];
  };

const oneInventory: Scene = {
  name: "inventory-new",
  operations: [{ name: "POST and DELETE an inventory", kind: "other" }],
  start: ({ world, measured }) => {
    const turns = new Turns(world.spare);
    const act = () =>
      turns.take(async (uuid) => {
        const path = `/resource_providers/${uuid}/inventories`;
        const body = { resource_class: "PCPU", ...inventory(8) };
        await measured({ method: "POST", path, body, expected: 201 });
        await measured({ method: "DELETE", path: `${path}/PCPU`, expected: 204 });
        return uuid;
      });
    return { acts: [act] };
  },
};

export const WRITES: readonly Scene[] = [
  replacing("inventories-put", "inventories of a provider", "/inventories", ({ writes }) => {
    return { inventories: writes % 2 === 0 ? CHANGED : HOST_INVENTORIES };
  }),
  replacing("inventory-put", "one inventory", "/inventories/VCPU", ({ writes }) =>
    inventory(64 + (writes % 2), { allocation_ratio: 4 }),
  ),
  replacing("traits-put", "traits of a provider", "/traits", ({ generation }) => {
    return { traits: ["HW_CPU_X86_AVX2", ...CUSTOM_TRAITS.slice(generation % 2, 8)] };
  }),
  replacing("aggregates-put", "aggregates of a provider", "/aggregates", ({ writes }) => {
    return { aggregates: AGGREGATES.slice(writes % 2) };
  }),
  rename,
  oneInventory,
  coming("provider-new", "POST and DELETE a provider", ({ chance }) => {
    const uuid = chance.uuid();
    const body = { name: `new-${uuid}`, uuid };
    return [
      { method: "POST", path: "/resource_providers", body, expected: 200 },
      { method: "DELETE", path: `/resource_providers/${uuid}`, expected: 204 },
    ];
  }),
  coming("trait-new", "PUT and DELETE a custom trait", named("traits")),
  coming("class-new", "PUT and DELETE a custom resource class", named("resource_classes", LOST_ID)),
];
