/**
 * Functions of the release that wrote format 1 beside functions of this one, and the upgrade
 * that ends it: no list misses a change that was acknowledged before, whoever made it.
 */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { upgradeFormat } from "../../functions/maintenance/upgrade-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { FORMAT, META_KEY } from "../../lib/store/items/table-format.ts";
import type { UpgradeReport } from "../../lib/store/maintenance/upgrade-table.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { loadOldTable } from "../support/dumps.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { brokenHeads, OldFunction } from "../support/old-release.ts";
import { claim } from "../support/world.ts";

const HOSTS = [1, 4, 6].map((n) => `0000000a-0000-4000-8000-00000000000${n}`) as Uuid[];
const [HOST, DEVICE] = HOSTS as [Uuid, Uuid];
const STEPS = 24;

let api: Api;
/** Another function of this release, with a clock of its own. */
let other: Api;
let old: OldFunction;
let clock: FastClock;
let otherClock: FastClock;
let random: Chance;

beforeEach(async () => {
  random = chance("old functions");
  clock = fastClock();
  otherClock = fastClock();
  api = await startApi({ clock });
  await loadOldTable(api);
  other = await startApi({ clock: otherClock, tableName: api.tableName });
  old = new OldFunction(api);
});
afterEach(async () => {
  await other.close();
  await api.close();
});

const pass = (milliseconds: number) => {
  clock.pass(milliseconds);
  otherClock.pass(milliseconds);
};

const upgrade = async (input: object = {}) =>
  (await taskLambda(upgradeFormat, async () => api.runtime)(input)) as UpgradeReport;

const metaIn = async () => (await api.items()).find(({ pk }) => pk === META_KEY.pk);
const headsIn = async () => (await api.items()).filter(({ pk }) => pk.startsWith("HEADS#"));

async function listed({ request }: Api, provider: Uuid): Promise<number> {
  // The whole list comes from what the function keeps in memory.
  const { body } = await request("GET", "/resource_providers");
  const found = body.resource_providers.find(({ uuid }: { uuid: string }) => uuid === provider);
  return found.generation;
}

async function stored(provider: Uuid): Promise<number> {
  const found = (await api.items()).find(({ sk }) => sk === `H#${provider}`);
  return Number(found?.["g"]);
}

const classes = { [HOST]: "VCPU", [DEVICE]: "VGPU" };

async function claimBy(by: Api, provider: Uuid): Promise<void> {
  const amounts = { [classes[provider] ?? "VCPU"]: 1 };
  const { status } = await claim(by, random.uuid(), { [provider]: amounts });
  // A device that is full refuses, and changes nothing.
  expect([204, 409]).toContain(status);
}

/** Any function, of either release, shows the provider as it is stored. */
async function expectShown(provider: Uuid, functions: readonly ("old" | Api)[]): Promise<void> {
  const is = await stored(provider);
  for (const each of functions) {
    const shown = each === "old" ? await old.generationOf(provider) : await listed(each, provider);
    expect([provider, shown]).toEqual([provider, is]);
  }
}

describe("beside functions of the older release", () => {
  test("each function shows at once what any other one has changed", async () => {
    const found = [];
    for (let step = 0; step < STEPS; step += 1) {
      const provider = random.pick(HOSTS);
      const writer = random.pick(["old", api, other] as const);
      found.push(writer === "old" ? "old" : "new");
      if (writer === "old") await old.change(provider);
      else await claimBy(writer, provider);
      const readers = (["old", api, other] as const).filter(() => random.fraction() < 0.5);
      await expectShown(provider, readers);
    }
    expect(new Set(found).size).toBe(2);
    for (const provider of HOSTS) await expectShown(provider, ["old", api, other]);
    expect(await brokenHeads(api)).toEqual([]);
    expect((await metaIn())?.["format"]).toBeUndefined();
  });

  test("a change of more than one transaction is announced to both before it is decided", async () => {
    await old.generationOf(HOST);
    const many = Array.from({ length: 60 }, () => random.uuid());
    const owner = { project_id: "p", user_id: "u", consumer_type: "INSTANCE" };
    const body = Object.fromEntries(
      many.map((uuid) => [
        uuid,
        {
          allocations: { [HOST]: { resources: { VCPU: 1 } } },
          consumer_generation: null,
          ...owner,
        },
      ]),
    );
    expect((await other.request("POST", "/allocations", { body })).status).toBe(204);
    await expectShown(HOST, ["old", api, other]);
    expect(old.full).toEqual([shardOf(HOST)]);
  });
});

describe("the upgrade", () => {
  test("waits until no function of the older release has written for a minute", async () => {
    expect(await upgrade()).toMatchObject({ from: 1, format: 1, wait: 60, complete: false });
    // The older release reads the item as one of its own format.
    expect((await metaIn())?.["format"]).toBe(1);
    pass(59_000);
    await old.change(DEVICE);
    expect(await upgrade()).toMatchObject({ olderWriters: [shardOf(DEVICE)], wait: 60 });
    // Functions of this release do not count.
    await claimBy(other, HOST);
    pass(60_000);
    expect(await upgrade()).toMatchObject({ format: FORMAT, olderWriters: [], complete: false });
    expect((await metaIn())?.["format"]).toBe(FORMAT);
  });

  test("can be turned back until the format is raised", async () => {
    await upgrade();
    await claimBy(api, HOST);
    // Functions of the older release go on, warm ones and new ones.
    const fresh = new OldFunction(api);
    for (const each of [old, fresh]) {
      expect(await each.generationOf(HOST)).toBe(await stored(HOST));
      const is = await each.change(HOST);
      expect(await old.generationOf(HOST)).toBe(is);
      expect(await fresh.generationOf(HOST)).toBe(is);
    }
    expect(await brokenHeads(api)).toEqual([]);
  });

  test("is not missed by functions that still rely on the older format", async () => {
    await claimBy(other, HOST);
    await upgrade();
    pass(60_000);
    // It has read the format just now, and relies on it for a minute.
    await expectShown(HOST, [other]);
    await claimBy(other, HOST);
    expect(await upgrade()).toMatchObject({ format: FORMAT, complete: false, wait: 90 });
    expect(await headsIn()).toEqual([]);
    await expectShown(HOST, [api]);
    for (let n = 0; n < 3; n += 1) {
      await claimBy(other, HOST);
      await expectShown(HOST, [api, other]);
      await claimBy(api, HOST);
      await expectShown(HOST, [api, other]);
    }
    expect(await headsIn()).not.toEqual([]);
    pass(90_000);
    await claimBy(other, HOST);
    expect(await upgrade()).toMatchObject({ removed: 1, wait: 0, complete: true });
    expect(await headsIn()).toEqual([]);
    expect(await metaIn()).toEqual({ ...META_KEY, format: FORMAT });
    await claimBy(other, HOST);
    expect(await headsIn()).toEqual([]);
  });

  test("ends with a table in which the verifier finds nothing but spellings", async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      const { complete, wait } = await upgrade();
      if (complete) break;
      expect(wait).toBeGreaterThan(0);
      pass(wait * 1_000);
    }
    expect(await metaIn()).toEqual({ ...META_KEY, format: FORMAT });
    const broken = brokenInvariants(await api.items());
    const left = broken.filter(
      (each) => !/^spelling: |has a write intent$|^change-left: /.test(each),
    );
    expect(left).toEqual([]);
    expect(await upgrade()).toMatchObject({ from: FORMAT, removed: 0, wait: 0, complete: true });
  });

  test("keeps what else the table's item says", async () => {
    const { client, tableName: TableName } = api;
    const Item = { ...META_KEY, format: 1, later: "x" };
    await client.send(new PutCommand({ TableName, Item }));
    await upgrade({ alone: true });
    expect(await metaIn()).toEqual({ ...META_KEY, format: FORMAT, later: "x" });
  });
});
