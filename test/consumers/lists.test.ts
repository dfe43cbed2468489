/** Lists of consumers: of a project, and idle ones by age, in pages. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const clock = fastClock();
let provider: string;

const api = useApi({ clock });

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
});

const list = (query: string, version = "1.39") =>
  api.request("GET", `/consumers?${query}`, { version });

async function made(given: object): Promise<string> {
  const uuid = randomUUID();
  const body = { uuid, project_id: "project", user_id: "user", ...given };
  expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
  return uuid;
}

/** All pages of a list; at most `limit` in each. */
async function pages(query: string, limit: number): Promise<string[][]> {
  const found: string[][] = [];
  let marker = "";
  for (let page = 0; page < 100; page += 1) {
    const { status, body } = await list(`${query}&limit=${limit}${marker}`);
    expect(status).toBe(200);
    expect(body.consumers.length).toBeLessThanOrEqual(limit);
    found.push(body.consumers.map(({ uuid }: { uuid: string }) => uuid));
    if (body.next_marker === null) return found;
    marker = `&marker=${body.next_marker}`;
  }
  throw new Error("the pages do not end");
}

describe("of a project", () => {
  test("have uuid, user, type and a link, and no generation, at any version", async () => {
    const project_id = randomUUID();
    const uuid = await made({ project_id, user_id: "me", consumer_type: "VOLUME" });
    const document = {
      uuid,
      user_id: "me",
      consumer_type: "VOLUME",
      links: [{ rel: "self", href: `/consumers/${uuid}` }],
    };
    for (const version of ["1.0", "1.39"]) {
      const { status, body } = await list(`project_id=${project_id}`, version);
      expect([status, body]).toEqual([200, { consumers: [document], next_marker: null }]);
    }
  });

  test("are those of a user, of a type, of both; idle or not", async () => {
    const project_id = randomUUID();
    const a = await made({ project_id, user_id: "a", consumer_type: "X" });
    const b = await made({ project_id, user_id: "b", consumer_type: "X" });
    const plain = await made({ project_id, user_id: "b" });
    await claim(api, b, { [provider]: { VCPU: 1 } }, 0);
    const body = { project_id, user_id: "b", consumer_type: "X", consumer_generation: 1 };
    await api.request("PUT", `/consumers/${b}`, { body });
    const found = async (query: string) =>
      (await pages(`project_id=${project_id}${query}`, 9)).flat();
    expect((await found("")).sort()).toEqual([a, b, plain].sort());
    expect((await found("&user_id=b")).sort()).toEqual([b, plain].sort());
    expect((await found("&consumer_type=X")).sort()).toEqual([a, b].sort());
    expect(await found("&user_id=b&consumer_type=X")).toEqual([b]);
    expect(await found("&consumer_type=unknown")).toEqual([plain]);
    expect(await found("&user_id=nobody")).toEqual([]);
  });

  test("come in pages, each once, also of a rare type", async () => {
    const project_id = randomUUID();
    const all: string[] = [];
    const rare: string[] = [];
    for (let count = 0; count < 23; count += 1) {
      const consumer_type = count % 6 === 0 ? "RARE" : "COMMON";
      const uuid = await made({ project_id, user_id: `user${count % 3}`, consumer_type });
      all.push(uuid);
      if (consumer_type === "RARE") rare.push(uuid);
    }
    for (const limit of [1, 5, 22, 23, 24]) {
      const found = await pages(`project_id=${project_id}`, limit);
      expect(found.flat().sort()).toEqual(all.toSorted());
      expect(found).toHaveLength(Math.ceil(23 / limit));
      const some = await pages(`project_id=${project_id}&consumer_type=RARE`, limit);
      expect(some.flat().sort()).toEqual(rare.toSorted());
    }
  });

  test("a page has 100 at most, if no limit is named", async () => {
    const project_id = randomUUID();
    await Promise.all(Array.from({ length: 101 }, () => made({ project_id })));
    const { body } = await list(`project_id=${project_id}`);
    expect(body.consumers).toHaveLength(100);
    expect(body.next_marker).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  test("a deleted marker still says where to go on", async () => {
    const project_id = randomUUID();
    for (let count = 0; count < 4; count += 1) await made({ project_id });
    const first = (await list(`project_id=${project_id}&limit=2`)).body;
    const last = first.consumers.at(-1).uuid;
    await api.request("DELETE", `/consumers/${last}?generation=0`);
    const second = await list(`project_id=${project_id}&limit=2&marker=${first.next_marker}`);
    expect(second.body.consumers).toHaveLength(2);
    expect(second.body.next_marker).toBeNull();
  });
});

describe("idle for some time", () => {
  test("are those that were made so long ago and hold nothing, the oldest first", async () => {
    const uuids: string[] = [];
    for (let count = 0; count < 9; count += 1) {
      uuids.push(await made({}));
      clock.pass(1_000);
    }
    const [claimed = "", raised = ""] = uuids;
    await claim(api, claimed, { [provider]: { VCPU: 1 } }, 0);
    const body = { consumer_generation: 0 };
    await api.request("POST", `/consumers/${raised}/generation`, { body });
    clock.pass(3_600_000);
    const young = await made({});
    const ours = (found: string[][]) => found.flat().filter((uuid) => uuids.includes(uuid));
    for (const limit of [4, 1_000]) {
      expect(ours(await pages("idle_for=3600", limit))).toEqual(uuids.slice(1));
    }
    expect((await pages("idle_for=0", 1_000)).flat()).toContain(young);
    expect((await pages("idle_for=3600", 1_000)).flat()).not.toContain(young);
    const { body: page } = await list("idle_for=3600&limit=1000");
    expect(page.consumers[0]).toEqual({
      uuid: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      links: [{ rel: "self", href: expect.stringMatching(/^\/consumers\//) }],
    });
  });
});

describe("refusals", () => {
  test.each([
    [
      "project_id=p&idle_for=1",
      /exactly one of 'project_id', 'idle_for' and 'expires_before' is required/,
    ],
    ["idle_for=1&user_id=u", /'user_id' and 'consumer_type' go with 'project_id' only/],
    ["idle_for=1&consumer_type=X", /'user_id' and 'consumer_type' go with 'project_id' only/],
    ["idle_for=-1", /\['idle_for'\]/],
    ["idle_for=1.5", /\['idle_for'\]/],
    ["project_id=p&limit=0", /\['limit'\]/],
    ["project_id=p&limit=10000", /limit/],
    ["project_id=p&limit=x", /\['limit'\]/],
    ["project_id=p&marker=", /\['marker'\]/],
    ["project_id=p&marker=a%20b", /\['marker'\]/],
    [`project_id=p&marker=${"a".repeat(1_025)}`, /\['marker'\]/],
    ["project_id=p&consumer_type=x", /\['consumer_type'\]/],
    ["project_id=", /\['project_id'\]/],
    ["project_id=p&colour=blue", /\('colour' was unexpected\)/],
  ])("%j is 400", async (query, message) => {
    expectRefusal(await list(query), { status: 400, message });
  });

  test.each([1, 90, 1_024])(
    "a marker of %d characters that no list gave is 400",
    async (length) => {
      for (const query of ["project_id=project", "idle_for=0"]) {
        const answer = await list(`${query}&marker=${"x".repeat(length)}`);
        expectRefusal(answer, {
          status: 400,
          message: /'marker' is no next_marker of such a list/,
        });
      }
    },
  );

  test("a marker of the other list is harmless", async () => {
    await Promise.all([made({}), made({})]);
    const { body } = await list("idle_for=0&limit=1");
    const mixed = await list(`project_id=project&marker=${body.next_marker}`);
    expect(mixed.status).toBe(200);
  });
});
