/** What a claim costs the engine while the server does nothing else. */
import { randomUUID } from "node:crypto";

/** The least of these stretches counts: other programs on the machine only add to them. */
const STRETCHES = 5;
const CLAIMS = 200;
const CLIENTS = 8;

/**
 * @param {import("./worker.mjs").SoakClient} client
 * @param {() => Promise<number | undefined>} engineTime milliseconds that the engine has used so far
 * @returns milliseconds; undefined where the engine's time is not told
 */
export async function claimCost(client, engineTime) {
  const provider = randomUUID();
  const at = `/resource_providers/${provider}`;
  const created = { uuid: provider, name: provider };
  await client.call("POST", "/resource_providers", { body: created, expected: 200 });
  const inventories = { VCPU: { total: CLAIMS } };
  const given = { resource_provider_generation: 0, inventories };
  await client.call("PUT", `${at}/inventories`, { body: given, expected: 200 });
  const costs = [];
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    const paths = Array.from({ length: CLAIMS }, () => `/allocations/${randomUUID()}`);
    const before = await engineTime();
    await forEach(paths, (path) =>
      client.call("PUT", path, { body: claimOn(provider), expected: 204 }),
    );
    const after = await engineTime();
    if (before !== undefined && after !== undefined) costs.push((after - before) / CLAIMS);
    await forEach(paths, (path) => client.call("DELETE", path, { expected: 204 }));
  }
  await client.call("DELETE", at, { expected: 204 });
  return costs.length === 0 ? undefined : Math.min(...costs);
}

/** @param {string} provider */
const claimOn = (provider) => ({
  allocations: { [provider]: { resources: { VCPU: 1 } } },
  consumer_generation: null,
  project_id: "soak",
  user_id: "soak",
  consumer_type: "INSTANCE",
});

/**
 * @param {readonly string[]} paths
 * @param {(path: string) => Promise<unknown>} act
 */
async function forEach(paths, act) {
  const left = [...paths];
  const inTurn = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await act(path);
  };
  await Promise.all(Array.from({ length: CLIENTS }, inTurn));
}
