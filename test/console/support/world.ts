/** A few hosts and servers that tests know by name, made through the API as others make them. */
import { randomUUID } from "node:crypto";
import type { Api } from "../../support/api.ts";

export interface World {
  /** The fullest of all, of MEMORY_MB. */
  readonly busy: string;
  /** With 8 VGPU and without the trait. */
  readonly gpu: string;
  /** With the trait and without VGPU. */
  readonly plain: string;
  /** Holds 120 GiB of the memory of `busy`. */
  readonly large: string;
  readonly small: string;
}

export const TRAIT = "CUSTOM_LICENSED";
export const BUSY = "busy.example.org";

async function ok(api: Api, method: string, path: string, body?: unknown): Promise<void> {
  const { status, body: answer } = await api.request(method, path, { body });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
}

export async function makeHost(
  api: Api,
  name: string,
  totals: Readonly<Record<string, number>>,
  traits: readonly string[] = [],
): Promise<string> {
  const uuid = randomUUID();
  await ok(api, "POST", "/resource_providers", { name, uuid });
  const inventories = Object.fromEntries(
    Object.entries(totals).map(([each, total]) => [each, { total }]),
  );
  const path = `/resource_providers/${uuid}`;
  await ok(api, "PUT", `${path}/inventories`, { resource_provider_generation: 0, inventories });
  for (const trait of traits) await ok(api, "PUT", `/traits/${trait}`);
  if (traits.length > 0)
    await ok(api, "PUT", `${path}/traits`, { resource_provider_generation: 1, traits });
  return uuid;
}

export async function claim(
  api: Api,
  host: string,
  resources: Readonly<Record<string, number>>,
  project = "demo",
): Promise<string> {
  const uuid = randomUUID();
  await ok(api, "PUT", `/allocations/${uuid}`, {
    allocations: { [host]: { resources } },
    ...{ project_id: project, user_id: "alice" },
    ...{ consumer_generation: null, consumer_type: "INSTANCE" },
  });
  return uuid;
}

export async function makeWorld(api: Api): Promise<World> {
  const busy = await makeHost(api, BUSY, { VCPU: 64, MEMORY_MB: 131_072 });
  const gpu = await makeHost(api, "gpu.example.org", { VGPU: 8 });
  const plain = await makeHost(api, "plain.example.org", { VCPU: 64 }, [TRAIT]);
  const large = await claim(api, busy, { VCPU: 16, MEMORY_MB: 122_880 }, "finance");
  const small = await claim(api, busy, { VCPU: 2, MEMORY_MB: 4_096 });
  return { busy, gpu, plain, large, small };
}
