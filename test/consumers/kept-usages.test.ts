/** Usages of a large project, which a function keeps: every change of a consumer is in the next answer. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ALL } from "../../lib/model/usages.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { consumersImport } from "../../lib/store/importing/consumers.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { startApi } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import { interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  CONSUMERS,
  isProjectReading,
  type LargeProject,
  owner,
  readInFull,
  shown,
  shownAll,
  startLargeProject,
} from "../support/large-project.ts";
import { leaseRequests, MARGIN } from "../support/leases.ts";
import { countReads } from "../support/reads.ts";
import { claimBody, type Held, makeProvider } from "../support/world.ts";

let large: LargeProject;
let [a, b, c]: [Uuid?, Uuid?, Uuid?] = [];

beforeAll(async () => {
  large = await startLargeProject();
  [a, b, c] = await Promise.all([1, 2, 3].map(() => makeProvider(large.writer, { VCPU: 1_000 })));
  await large.learn();
});
afterAll(async () => {
  expect(brokenInvariants(await large.writer.items())).toEqual([]);
  await large.close();
});

const on = (...held: readonly (readonly [Uuid | undefined, number])[]): Held =>
  Object.fromEntries(held.map(([provider, amount]) => [provider, { VCPU: amount }]));

async function put(
  uuid: string,
  held: Held,
  generation: number | null,
  given = owner(large.project),
): Promise<void> {
  const body = { ...claimBody(held, generation), ...given };
  const answer = await large.writer.request("PUT", `/allocations/${uuid}`, { body });
  expect(answer.status).toBe(204);
}
async function release(uuid: string): Promise<void> {
  expect((await large.writer.request("DELETE", `/allocations/${uuid}`)).status).toBe(204);
}
async function update(uuid: string, generation: number, given: object): Promise<void> {
  const body = { ...given, consumer_generation: generation };
  expect((await large.writer.request("PUT", `/consumers/${uuid}`, { body })).status).toBe(200);
}

/** The answer is right, and the project was not read in full for it. */
async function followed(project = large.project) {
  large.reads();
  const usages = await large.exact(project);
  expect(large.reads().calls.filter(isProjectReading)).toEqual([]);
  return usages;
}
async function countOf(type = "INSTANCE"): Promise<number> {
  return (await followed())[type]?.["consumer_count"] ?? 0;
}

describe("a consumer", () => {
  const uuid = randomUUID();

  test("that is new is counted", async () => {
    const before = await countOf();
    await put(uuid, on([a, 1]), null);
    expect(await countOf()).toBe(before + 1);
  });

  test("that holds more, on several providers, and on others", async () => {
    const before = (await followed())["INSTANCE"]?.["VCPU"] ?? 0;
    await put(uuid, on([a, 1], [b, 4]), 1);
    expect((await followed())["INSTANCE"]?.["VCPU"]).toBe(before + 4);
    await put(uuid, on([c, 2]), 2);
    expect((await followed())["INSTANCE"]?.["VCPU"]).toBe(before + 1);
  });

  test("whose allocations are written with another type and user only", async () => {
    await put(uuid, on([c, 2]), 3, owner(large.project, "another", "VOLUME"));
    expect(await countOf("VOLUME")).toBe(1);
    await put(uuid, on([c, 2]), 4, owner(large.project, "user", "INSTANCE"));
    expect(await countOf("VOLUME")).toBe(0);
  });

  test("whose allocations are written with another project only, and back", async () => {
    const before = await countOf();
    await put(uuid, on([c, 2]), 5, owner("another"));
    expect(await countOf()).toBe(before - 1);
    await put(uuid, on([c, 2]), 6);
    expect(await countOf()).toBe(before);
  });

  test("that gets another type, user and project as a record", async () => {
    const before = await countOf();
    await update(uuid, 7, owner(large.project, "another", "VOLUME"));
    expect(await countOf("VOLUME")).toBe(1);
    await update(uuid, 8, owner("another"));
    expect(await countOf()).toBe(before - 1);
    await update(uuid, 9, owner(large.project));
    expect(await countOf()).toBe(before);
  });

  test("that is deleted, and created again with an equal generation", async () => {
    const before = await followed();
    const again = randomUUID();
    await put(again, on([a, 1]), null);
    await followed();
    await release(again);
    await put(again, on([a, 1]), null, owner("another"));
    expect(await followed()).toEqual(before);
    await release(again);
    await put(again, on([a, 1]), null, owner(large.project, "user", "VOLUME"));
    expect(await countOf("VOLUME")).toBe(1);
    await release(again);
    await put(again, on([b, 3]), null);
    await followed();
    await release(again);
    expect(await followed()).toEqual(before);
  });

  test("that is idle is not counted, until it holds something", async () => {
    const idle = randomUUID();
    const before = await followed();
    const body = { ...owner(large.project), uuid: idle };
    expect((await large.writer.request("POST", "/consumers", { body })).status).toBe(201);
    expect(await followed()).toEqual(before);
    await put(idle, on([b, 1]), 0);
    expect(await countOf()).toBe((before["INSTANCE"]?.["consumer_count"] ?? 0) + 1);
    const empty = { ...claimBody({}, 1), ...owner(large.project) };
    await large.writer.request("PUT", `/allocations/${idle}`, { body: empty });
    expect(await followed()).toEqual(before);
  });
});

test("several consumers that exchange what they hold in one change", async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  await put(one, on([a, 1]), null);
  await put(two, on([b, 2]), null, owner("another"));
  await followed();
  const body = {
    [one]: { ...claimBody(on([b, 2]), 1), ...owner("another") },
    [two]: { ...claimBody(on([a, 1]), 1), ...owner(large.project) },
  };
  expect((await large.writer.request("POST", "/allocations", { body })).status).toBe(204);
  await followed();
  await release(one);
  await release(two);
  await followed();
});

test("the reshaper moves consumers to providers that were empty", async () => {
  const uuid = randomUUID();
  await put(uuid, on([a, 5]), null);
  const child = await makeProvider(large.writer, {}, { parent: String(a) });
  await followed();
  const { body: root } = await large.writer.request("GET", `/resource_providers/${a}/inventories`);
  const body = {
    inventories: {
      [String(a)]: {
        resource_provider_generation: root.resource_provider_generation,
        inventories: { VCPU: { total: 1_000 } },
      },
      [child]: { resource_provider_generation: 0, inventories: { VCPU: { total: 10 } } },
    },
    allocations: { [uuid]: { ...claimBody(on([child, 5]), 1), ...owner(large.project) } },
  };
  expect((await large.writer.request("POST", "/reshaper", { body, roles: "service" })).status).toBe(
    204,
  );
  await followed();
  await release(uuid);
  await followed();
});

test("a provider that is emptied", async () => {
  const [one, two] = [randomUUID(), randomUUID()];
  await put(one, on([b, 1], [c, 1]), null);
  await put(two, on([b, 1]), null);
  const before = await countOf();
  const path = `/resource_providers/${b}/allocations`;
  expect((await large.writer.request("DELETE", path)).status).toBe(200);
  expect(await countOf()).toBe(before - 1);
  await release(one);
  await followed();
});

test("a consumer whose lease has expired is released by the sweep", async () => {
  const clock = fastClock();
  const server = await startApi({ tableName: large.reader.tableName, clock });
  const { hold, sweep } = leaseRequests(() => server);
  await sweep({ share: 100 });
  const before = await countOf();
  const uuid = randomUUID();
  expect((await hold(uuid, on([a, 1]), 60)).status).toBe(204);
  await update(uuid, 1, owner(large.project));
  expect(await countOf()).toBe(before + 1);
  clock.pass(61_000 + MARGIN);
  expect((await sweep({ share: 100 })).done).toBe(1);
  expect(await countOf()).toBe(before);
  await server.close();
});

test("an import that changes an owner only, and where a consumer is", async () => {
  const uuid = randomUUID();
  await put(uuid, on([a, 2], [b, 1]), null);
  const before = await countOf();
  const wanted = (
    generation: number,
    project: string,
    held: readonly (readonly [Uuid | undefined, number])[],
  ) => ({
    uuid,
    wanted: {
      ...{ uuid, generation, project, user: "user", type: "INSTANCE" },
      allocations: new Map(held.map(([at, amount]) => [at, new Map([["VCPU", amount]])])),
    },
  });
  const store = large.writer.runtime.openStore({ access: WRITING, deadline: Date.now() + 20_000 });
  const imported = (given: object) =>
    store.change(consumersImport(store, [given as never], { asIs: false }));
  await imported(
    wanted(2, "another", [
      [a, 2],
      [b, 1],
    ]),
  );
  expect(await countOf()).toBe(before - 1);
  await imported(
    wanted(3, large.project, [
      [a, 2],
      [b, 1],
    ]),
  );
  expect(await countOf()).toBe(before);
  await imported(
    wanted(4, large.project, [
      [a, 2],
      [c, 1],
    ]),
  );
  await followed();
  await imported({ uuid, wanted: undefined });
  expect(await countOf()).toBe(before - 1);
});

// Engines weigh a read of what is not there in different ways.
describe.runIf(inject("engine") === "dynoxide")("what it costs", () => {
  const spent = async () => {
    large.reads();
    await large.reader.request("GET", `/usages?project_id=${large.project}`);
    const { counts, units } = large.reads();
    return { counts, units };
  };

  test("nothing changed: the shard logs and the commit index, in one call", async () => {
    await followed();
    expect(await spent()).toEqual({ counts: { BatchGet: 1 }, units: 17 });
  });

  test("a changed provider: its consumers, each by its key, and the commit index again", async () => {
    const host = await makeProvider(large.writer, { VCPU: 100 });
    const uuids = [randomUUID(), randomUUID(), randomUUID()];
    for (const uuid of uuids) await put(uuid, on([host, 1]), null);
    expect(await spent()).toEqual({
      counts: { BatchGet: 2, Query: 1, Get: 1 },
      units: 17 + 1 + 3 + 1,
    });
    await release(uuids[0] ?? "");
    // That which is gone takes a unit, too.
    expect((await spent()).units).toBe(17 + 1 + 3 + 1);
  });

  test("after a minute: all consumers", async () => {
    await followed();
    large.clock.pass(60_001);
    large.reads();
    const { counts, units } = await spent();
    // The table's format is read once a minute, too.
    expect(counts).toEqual({ BatchGet: 1, Query: 1, Get: 2 });
    expect(units).toBeLessThan(17 + CONSUMERS / 15);
    expect((await spent()).units).toBe(17);
  });

  test("another function: all consumers, then with the shard logs, then these alone", async () => {
    const { reads, reader, close } = await startReader();
    const path = `/usages?project_id=${large.project}`;
    const costs: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      reads();
      await reader.request("GET", path);
      costs.push(reads().counts);
    }
    expect(costs).toEqual([
      { Query: 1, Get: 3 },
      { BatchGet: 1, Query: 1, Get: 1 },
      { BatchGet: 1 },
    ]);
    await close();
  });

  async function startReader() {
    const counter = countReads();
    const reader = await startApi({
      tableName: large.reader.tableName,
      connection: (connection) => interpose(connection, (call) => counter.watched(call)),
    });
    return { reads: counter.reads, reader, close: () => reader.close() };
  }
});

describe("what is asked for", () => {
  test.each([undefined, "VOLUME", "INSTANCE", ALL, "unknown"])("consumer type %s", async (type) => {
    await put(randomUUID(), on([a, 1]), null, owner(large.project, "user-0", "VOLUME"));
    for (const user of [undefined, "user-0", "nobody"]) {
      const query = `project_id=${large.project}${user ? `&user_id=${user}` : ""}`;
      const path = `/usages?${query}${type ? `&consumer_type=${type}` : ""}`;
      const { body } = await large.reader.request("GET", path);
      expect(body.usages).toEqual(shown(await readInFull(large.writer, large.project, user, type)));
      const old = await large.reader.request("GET", `/usages?${query}`, { version: "1.37" });
      const all = await readInFull(large.writer, large.project, user, ALL);
      expect(old.body.usages).toEqual(shownAll(all));
    }
  });

  test("a small project is read in full, as ever", async () => {
    await put(randomUUID(), on([a, 1]), null, owner("small"));
    for (let n = 0; n < 3; n += 1) {
      large.reads();
      await large.exact("small");
      expect(large.reads().counts).toEqual({ Query: 1, Get: 1 });
    }
  });
});
