/**
 * Claims by query whose first try is chosen among the providers as the function remembers them.
 * Another process changes them meanwhile: whatever it was answered counts.
 */
import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { makeHost, setAggregates, setTraits } from "../support/candidates.ts";
import { useFaulty } from "../support/frame.ts";
import { claimByQuery, claimedIn, newConsumer } from "../support/query-claims.ts";
import { isLogAppend } from "../support/shard-logs.ts";
import {
  claim,
  makeProvider,
  putInventories,
  readProvider,
  readUsages,
  release,
} from "../support/world.ts";

const faulty = useFaulty({ verified: "after-each", repeats: "attempts" });
const TRAIT = "HW_CPU_X86_AVX2";
let name: string;

beforeEach(async () => {
  name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
  expect((await faulty.sound.request("PUT", `/resource_classes/${name}`)).status).toBe(201);
});

const ask = (...queries: string[]) =>
  claimByQuery(faulty.api, queries, { consumers: [newConsumer()] });
const usedOf = async (provider: Uuid) => (await readUsages(faulty.sound, provider))[name];

/** Makes the function read all providers, as a claim does that finds nothing. */
async function remember(): Promise<void> {
  expect((await ask("resources=CUSTOM_NOWHERE:1")).status).toBe(400);
  expect((await ask(`resources=${name}:1000`)).status).toBe(409);
}

/** How many calls of each kind are sent from now on. */
function countCalls(): Record<string, number> {
  const counts: Record<string, number> = {};
  faulty.interpose(async (call) => {
    const kind = isLogAppend(call) ? "append" : call.command;
    counts[kind] = (counts[kind] ?? 0) + 1;
    return call.send();
  });
  return counts;
}

it("reads no provider while the last reading is recent", async () => {
  const host = await makeProvider(faulty.sound, { VCPU: 9 });
  const query = `resources=VCPU:1&in_tree=${host}`;
  await remember();
  claimedIn(await ask(query));
  const counts = countCalls();
  const { held } = claimedIn(await ask(query));
  expect(held).toEqual([{ [host]: { VCPU: 1 } }]);
  expect(counts).toEqual({ TransactWrite: 1, append: 1 });
});

describe("what another process has changed meanwhile is seen:", () => {
  it("a trait that the only host has lost, and then has again", async () => {
    const host = await makeHost(faulty.sound, { [name]: 4 }, { traits: [TRAIT] });
    await remember();
    await setTraits(faulty.sound, host, []);
    expect((await ask(`resources=${name}:1&required=${TRAIT}`)).status).toBe(409);
    expect(await usedOf(host)).toBe(0);
    await setTraits(faulty.sound, host, [TRAIT]);
    claimedIn(await ask(`resources=${name}:1&required=${TRAIT}`));
    expect(await usedOf(host)).toBe(1);
  });

  it("an aggregate that the host is in now", async () => {
    const aggregate = randomUUID();
    const host = await makeHost(faulty.sound, { [name]: 4 });
    await remember();
    await setAggregates(faulty.sound, host, [aggregate]);
    expect((await ask(`resources=${name}:1&member_of=!${aggregate}`)).status).toBe(409);
    claimedIn(await ask(`resources=${name}:1&member_of=${aggregate}`));
    expect(await usedOf(host)).toBe(1);
  });

  it("a better alternative that is possible now", async () => {
    const other = await makeHost(faulty.sound, { VCPU: 4 });
    const host = await makeHost(faulty.sound, {});
    await remember();
    const { generation } = await readProvider(faulty.sound, host);
    await putInventories(faulty.sound, host, generation, { [name]: 1 });
    const answer = await ask(`resources=${name}:1`, `resources=VCPU:1&in_tree=${other}`);
    expect(claimedIn(answer)).toMatchObject({ alternative: 0, held: [{ [host]: { [name]: 1 } }] });
  });

  it("the trait of a root, of whose child the claim is", async () => {
    const root = await makeHost(faulty.sound, {}, { traits: [TRAIT] });
    const child = await makeHost(faulty.sound, { [name]: 4 }, { parent: root });
    await remember();
    await setTraits(faulty.sound, root, []);
    expect((await ask(`resources=${name}:1&root_required=${TRAIT}`)).status).toBe(409);
    expect(await usedOf(child)).toBe(0);
  });

  it("room that is taken, and room that is free again", async () => {
    const host = await makeHost(faulty.sound, { [name]: 1 });
    await remember();
    const consumer = randomUUID();
    await claim(faulty.sound, consumer, { [host]: { [name]: 1 } });
    expect((await ask(`resources=${name}:1`)).status).toBe(409);
    await release(faulty.sound, consumer);
    claimedIn(await ask(`resources=${name}:1`));
    expect(await usedOf(host)).toBe(1);
  });

  it("the deletion of the host", async () => {
    const host = await makeHost(faulty.sound, { [name]: 1 });
    await remember();
    await faulty.sound.request("DELETE", `/resource_providers/${host}`);
    expect((await ask(`resources=${name}:1`)).status).toBe(409);
  });
});

it("is not believed again, once it has misled a claim, before the providers are read", async () => {
  const full = await makeHost(faulty.sound, { [name]: 1 });
  const free = await makeHost(faulty.sound, { [name]: 9 });
  await remember();
  await claim(faulty.sound, randomUUID(), { [full]: { [name]: 1 } });
  let all = 0;
  for (let count = 0; count < 9; count += 1) {
    const { tries } = claimedIn(await ask(`resources=${name}:1`));
    all += tries;
  }
  expect(all).toBeLessThanOrEqual(10);
  expect(await usedOf(free)).toBe(9);
  expect((await ask(`resources=${name}:1`)).status).toBe(409);
});
