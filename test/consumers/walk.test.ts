/** Consumers of all projects: by a walk through the whole table, and of one provider. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { walkConsumers } from "../../lib/store/consumers/walk.ts";
import { walkMarker, walkPosition } from "../../lib/store/items/scan-position.ts";
import { newMeter } from "../../lib/store/table/meter.ts";
import { chance } from "../support/chance.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { pagesOf, walked } from "../support/pages.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

vi.setConfig({ testTimeout: 60_000 });

const clock = fastClock();
const api = useApi({ clock });
let provider: Uuid;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 100_000 });
});

/** Reads nothing, apart from what a test adds. */
function readerOf() {
  const { clock: time, random } = api.runtime;
  const none = async () => {
    throw new Error("no read is expected");
  };
  const context = { clock: time, random, deadline: Number.MAX_SAFE_INTEGER, counts: newMeter() };
  return { ...context, get: none, batchGet: none, query: none };
}

type Body = Awaited<ReturnType<typeof api.request>>["body"];
const uuidsOf = (body: Body): string[] => body.consumers.map(({ uuid }: { uuid: string }) => uuid);
const walk = async (query: string, limit: number, between?: () => Promise<void>) =>
  (
    await walked(
      api,
      { path: `/consumers${query}`, limit, ...(between === undefined ? {} : { between }) },
      uuidsOf,
    )
  ).flat();

async function made(given: object = {}): Promise<string> {
  const uuid = randomUUID();
  const body = { uuid, project_id: randomUUID(), user_id: "user", ...given };
  expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
  return uuid;
}

async function claimed(held: Record<string, object> = { [provider]: { VCPU: 1 } }) {
  const uuid = randomUUID();
  const body = {
    allocations: Object.fromEntries(
      Object.entries(held).map(([each, resources]) => [each, { resources }]),
    ),
    consumer_generation: null,
    project_id: randomUUID(),
    user_id: "user",
    consumer_type: "INSTANCE",
  };
  expect((await api.request("PUT", `/allocations/${uuid}`, { body })).status).toBe(204);
  return uuid;
}

describe("the whole table", () => {
  test("is shown once, consumer by consumer, idle or not, as each is shown alone", async () => {
    const all = [await made(), await claimed(), await made({ consumer_type: "VOLUME" })];
    for (const version of ["1.0", "1.39"]) {
      const pages = await pagesOf(api, { path: "/consumers", limit: 2, version });
      const found = pages.flatMap(({ consumers }) => consumers);
      for (const uuid of all) {
        const own = found.filter((each: { uuid: string }) => each.uuid === uuid);
        const { body } = await api.request("GET", `/consumers/${uuid}`);
        expect(own).toEqual([body]);
      }
    }
  });

  test("is filtered by type, `unknown` being none", async () => {
    const [plain, volume] = [await made(), await made({ consumer_type: "VOLUME" })];
    const of = (type: string) => walk(`?consumer_type=${type}`, 3);
    expect(await of("VOLUME")).toContain(volume);
    expect(await of("VOLUME")).not.toContain(plain);
    expect(await of("unknown")).toContain(plain);
    expect(await of("NOBODY")).toEqual([]);
  });

  test("is filtered by the time since the last change, not since the creation", async () => {
    const [old, raised, replaced] = [await made(), await made(), await claimed()];
    clock.pass(3_600_000);
    const body = { consumer_generation: 0 };
    await api.request("POST", `/consumers/${raised}/generation`, { body });
    await claim(api, replaced, { [provider]: { VCPU: 2 } }, 1);
    const young = await made();
    const found = await walk("?older_than=3600", 4);
    expect(found).toContain(old);
    for (const each of [raised, replaced, young]) expect(found).not.toContain(each);
    expect(await walk("?older_than=0", 1_000)).toContain(young);
  });

  test("a page reads 10,000 items at most, and may be empty although others follow", async () => {
    let read = 0;
    const next = { pk: "PROJECT#p", sk: "x" };
    const scan = async (_: unknown, limit: number) => {
      read += limit;
      return { items: [], next };
    };
    const page = { limit: 1_000, after: undefined, until: undefined, type: undefined };
    const reader = { ...readerOf(), scan };
    expect(await walkConsumers(reader, page)).toEqual({ consumers: [], next });
    expect(read).toBe(10_000);
  });
});

describe("a walk beside writers", () => {
  test("misses nothing that was there all along, and shows nothing twice", async () => {
    const random = chance("a walk beside writers");
    for (let round = 0; round < 3; round += 1) {
      const staying: string[] = [];
      const passing: string[] = [];
      for (let count = 0; count < 24; count += 1) {
        const uuid = await (random.below(2) === 0 ? made() : claimed());
        (random.below(3) === 0 ? passing : staying).push(uuid);
      }
      const between = async () => {
        const [gone = randomUUID()] = passing.splice(random.below(passing.length), 1);
        await forget(gone);
        if (random.below(2) === 0) await claim(api, gone, { [provider]: { VCPU: 1 } });
        passing.push(gone, await claimed());
        const changed = random.pick(staying);
        const { body } = await api.request("GET", `/consumers/${changed}`);
        const held = { [provider]: { VCPU: 1 + random.below(3) } };
        await claim(api, changed, held, body.consumer_generation);
      };
      const found = await walk("", 8 + random.below(40), between);
      expect(new Set(found).size, `seed ${random.seed}`).toBe(found.length);
      const missing = staying.filter((uuid) => !found.includes(uuid));
      expect(missing, `seed ${random.seed}`).toEqual([]);
    }
  });

  test("goes on where its marker's consumer was", async () => {
    for (let count = 0; count < 4; count += 1) await made();
    const all = await walk("", 1_000);
    const first = await api.request("GET", "/consumers?limit=3");
    await forget(first.body.consumers.at(-1).uuid);
    expect(await walk(`?marker=${first.body.next_marker}`, 1_000)).toEqual(all.slice(3));
  });

  /** It is gone, whether it held something or not. */
  async function forget(uuid: string): Promise<void> {
    await release(api, uuid);
    const { body } = await api.request("GET", `/consumers/${uuid}`);
    const generation = body.consumer_generation;
    await api.request("DELETE", `/consumers/${uuid}?generation=${generation}`);
    expect((await api.request("GET", `/consumers/${uuid}`)).status).toBe(404);
  }
});

describe("of a provider", () => {
  test("are those that hold something on it, with all that is shown of a consumer", async () => {
    const [host, other] = [
      await makeProvider(api, { VCPU: 9 }),
      await makeProvider(api, { VCPU: 9 }),
    ];
    const one = await claimed({ [host]: { VCPU: 1 } });
    const both = await claimed({ [host]: { VCPU: 1 }, [other]: { VCPU: 1 } });
    await claimed({ [other]: { VCPU: 1 } });
    for (const limit of [1, 2, 3]) {
      expect(await walk(`?provider=${host}`, limit)).toEqual([one, both].sort());
    }
    const { body } = await api.request("GET", `/consumers?provider=${host.toUpperCase()}`);
    const shown = await Promise.all(
      [one, both].sort().map((uuid) => api.request("GET", `/consumers/${uuid}`)),
    );
    expect(body).toEqual({ consumers: shown.map((each) => each.body), next_marker: null });
  });

  test("are filtered by age and type, in pages", async () => {
    const host = await makeProvider(api, { VCPU: 90 });
    const old: string[] = [];
    for (let count = 0; count < 7; count += 1) old.push(await claimed({ [host]: { VCPU: 1 } }));
    clock.pass(60_000);
    await claimed({ [host]: { VCPU: 1 } });
    for (const limit of [1, 3, 100]) {
      expect(await walk(`?provider=${host}&older_than=60`, limit)).toEqual(old.toSorted());
      expect(await walk(`?provider=${host}&consumer_type=VOLUME`, limit)).toEqual([]);
    }
    expect(await walk(`?provider=${host}&consumer_type=INSTANCE`, 3)).toHaveLength(8);
  });

  test("are none, if nobody knows the provider", async () => {
    const { status, body } = await api.request("GET", `/consumers?provider=${randomUuid()}`);
    expect([status, body]).toEqual([200, { consumers: [], next_marker: null }]);
  });
});

describe("refusals", () => {
  test.each([
    ["project_id=p&older_than=1", /'older_than' and 'provider' go with none of/],
    [`idle_for=1&provider=${randomUUID()}`, /'older_than' and 'provider' go with none of/],
    ["user_id=u", /'user_id' goes with 'project_id' only/],
    ["older_than=-1", /\['older_than'\]/],
    ["older_than=1e3", /\['older_than'\]/],
    ["provider=x", /\['provider'\]/],
    ["consumer_type=x", /\['consumer_type'\]/],
    ["colour=blue", /\('colour' was unexpected\)/],
  ])("%j is 400", async (query, message) => {
    expectRefusal(await api.request("GET", `/consumers?${query}`), { status: 400, message });
  });

  const marked = (text: string, encoding: BufferEncoding = "utf8") =>
    Buffer.concat([Buffer.of(0), Buffer.from(text, encoding)]).toString("base64url");

  test.each([
    "eHg",
    "x".repeat(1_024),
    marked("3:abc"),
    marked("0:abc"),
    marked("x:abc"),
    marked("9999:abc"),
    marked("03:abcd"),
    marked(`700:${"k".repeat(701)}`).slice(0, -1),
    marked("3:abcd").replace(/A$/, "B"),
  ])("a marker that no walk gave is 400: %j", async (marker) => {
    for (const query of ["", `provider=${provider}&`]) {
      const answer = await api.request("GET", `/consumers?${query}marker=${marker}`);
      const message = /'marker' is no next_marker of such a list/;
      expectRefusal(answer, { status: 400, message });
    }
  });

  test("a marker of any key is short enough, and harmless if nothing has the key", async () => {
    const keys = [
      [`PROJECT#${"\uffff".repeat(255)}`, `${"a".repeat(32)}#${randomUUID()}`],
      [`PROJECT#${"\u0001".repeat(255)}`, `${"a".repeat(32)}#${randomUUID()}`],
      [`NAME#${"\ud83d\ude00".repeat(100)}`, "NAME"],
      ["A", "B"],
    ];
    for (const [pk = "", sk = ""] of keys) {
      const marker = walkMarker({ pk, sk });
      expect(marker.length).toBeLessThanOrEqual(1_024);
      expect(walkPosition(marker)).toEqual({ pk, sk });
      const answer = await api.request("GET", `/consumers?limit=1&marker=${marker}`);
      expect(answer.status).toBe(200);
    }
  });
});
