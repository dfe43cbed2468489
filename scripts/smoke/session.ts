/** A first session, as in the README: a provider, its inventories, a claim, its usages. */
import { deepStrictEqual } from "node:assert";
import { claim, isRefusal, type PlacementClient, release } from "../../lib/client/index.ts";

export interface Step {
  readonly title: string;
  run(): Promise<unknown>;
}

type Client = PlacementClient<"1.39">;

interface Uuids {
  readonly provider: string;
  readonly consumer: string;
}

const owner = { project: "smoke", user: "smoke", type: "INSTANCE" };

/** In order; each needs those before it. */
export function session(client: Client, { provider, consumer }: Uuids): Step[] {
  const ofProvider = { parameters: { uuid: provider } };
  const name = `smoke-${provider}`;
  const resources = { VCPU: 2, MEMORY_MB: 512 };
  return [
    {
      title: "The service says its versions",
      run: async () => {
        const { body } = await client.call("root/show", {});
        deepStrictEqual(body.versions[0]?.max_version, "1.39");
      },
    },
    {
      title: "A resource provider is created",
      run: async () => {
        const { body } = await client.call("resource-providers/create", {
          body: { name, uuid: provider },
        });
        deepStrictEqual([body.uuid, body.name, body.generation], [provider, name, 0]);
      },
    },
    {
      title: "It gets inventories",
      run: async () => {
        const inventories = {
          VCPU: { total: 8, allocation_ratio: 4 },
          MEMORY_MB: { total: 16384 },
        };
        const body = { resource_provider_generation: 0, inventories };
        const answer = await client.call("inventories/replace", { ...ofProvider, body });
        deepStrictEqual(answer.body.resource_provider_generation, 1);
      },
    },
    {
      title: "It is found by its name",
      run: async () => {
        const { body } = await client.call("resource-providers/list", { parameters: { name } });
        deepStrictEqual(
          body.resource_providers.map(({ uuid }) => uuid),
          [provider],
        );
      },
    },
    {
      title: "It is a candidate",
      run: async () => {
        const parameters = { resources: "VCPU:2,MEMORY_MB:512", in_tree: provider };
        const { body } = await client.call("allocation-candidates/list", { parameters });
        deepStrictEqual(Object.keys(body.provider_summaries), [provider]);
      },
    },
    {
      title: "A consumer claims from it",
      run: () => claim(client, consumer, () => ({ allocations: { [provider]: resources }, owner })),
    },
    {
      title: "Its usages show the claim",
      run: async () => {
        const { body } = await client.call("usages/show-by-provider", ofProvider);
        deepStrictEqual(body, { resource_provider_generation: 2, usages: resources });
      },
    },
    {
      title: "A claim beyond its capacity is refused",
      run: async () => {
        const body = {
          allocations: { [provider]: { resources: { VCPU: 1_000 } } },
          ...{ project_id: "smoke", user_id: "smoke", consumer_type: "INSTANCE" },
          consumer_generation: 1,
        };
        const call = { parameters: { consumer_uuid: consumer }, body };
        const refused = await client.call("allocations/replace", call).catch((error) => error);
        deepStrictEqual(isRefusal(refused) ? refused.status : refused, 409);
      },
    },
  ];
}

/** What the session made is removed, as far as it was made. */
export function cleaning(client: Client, { provider, consumer }: Uuids): Step[] {
  return [
    { title: "The claim is released", run: () => release(client, consumer) },
    {
      title: "The resource provider is deleted",
      run: async () => {
        const call = { parameters: { uuid: provider } };
        const error = await client
          .call("resource-providers/delete", call)
          .catch((thrown) => thrown);
        if (error instanceof Error && !(isRefusal(error) && error.status === 404)) throw error;
      },
    },
  ];
}
