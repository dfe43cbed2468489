/** What several consumers hold, in one answer; who holds a provider, in pages. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { BAD_PAGES, holdersOf, pagesOf, walked } from "../support/pages.ts";
import { claim, makeProvider } from "../support/world.ts";

const api = useApi();
const consumers: string[] = [];
let a = "";
let b = "";

beforeAll(async () => {
  a = await makeProvider(api, { VCPU: 100, MEMORY_MB: 100 });
  b = await makeProvider(api, { DISK_GB: 100 });
  for (let index = 0; index < 7; index += 1) {
    const consumer = randomUUID();
    const held = { [a]: { VCPU: 1 + index }, ...(index < 2 ? { [b]: { DISK_GB: 1 } } : {}) };
    expect((await claim(api, consumer, held)).status).toBe(204);
    consumers.push(consumer);
  }
});

const list = (query: string, version = "1.39") =>
  api.request("GET", `/allocations?consumer_uuid=${query}`, { version });
const holders = (query: string, version = "1.39") =>
  api.request("GET", `/resource_providers/${a}/allocations?${query}`, { version });

describe("several consumers", () => {
  test.each(["1.0", "1.12", "1.28", "1.38"])(
    "at %s, each as it is shown alone",
    async (version) => {
      const asked = [consumers[2] ?? "", randomUUID(), consumers[0] ?? ""];
      const { status, body } = await list(`in:${asked.join(",")}`, version);
      const alone = [];
      for (const uuid of asked) {
        alone.push([uuid, (await api.request("GET", `/allocations/${uuid}`, { version })).body]);
      }
      const expected = { consumers: Object.fromEntries(alone) };
      expect([status, JSON.stringify(body)]).toEqual([200, JSON.stringify(expected)]);
    },
  );

  test("each once, in the order of the query; one needs no list", async () => {
    const [x = "", y = ""] = consumers;
    const { body } = await list(`in:${y.toUpperCase()},${x},${y.replaceAll("-", "")}`);
    expect(Object.keys(body.consumers)).toEqual([y, x]);
    expect(Object.keys((await list(x)).body.consumers)).toEqual([x]);
  });

  test("a text of 36 that is no UUID is a consumer as in the path", async () => {
    const odd = `${"-".repeat(35)}a`;
    expect((await list(odd)).body).toEqual({ consumers: { [odd]: { allocations: {} } } });
  });

  test("bad input is 400, and nothing changes", async () => {
    const before = await api.items();
    const many = Array.from({ length: 271 }, () => randomUUID().replaceAll("-", "")).join(",");
    for (const [query, message] of [
      ["", /is not a 'uuid'/],
      ["in:", /in a list of uuids, is not a 'uuid'/],
      [`in:${a},x`, /'x', in a list of uuids/],
      [`in:${many}`, /may have 270 uuids, and has 271/],
      [`${a}&limit=5`, /\('limit' was unexpected\)/],
    ] as const) {
      expectRefusal(await list(query), { status: 400, message });
    }
    expect(await api.items()).toEqual(before);
  });

  test("without the parameter the answer is Placement's: 405, POST", async () => {
    for (const path of ["/allocations", "/allocations?in=a"]) {
      const answer = await api.request("GET", path);
      expect([answer.status, answer.headers["allow"]]).toEqual([405, "POST"]);
    }
    const other = await api.request("PUT", "/allocations", { body: {} });
    expect([other.status, other.headers["allow"]]).toEqual([405, "GET, POST"]);
  });

  test("needs the rule of the read of one", async () => {
    const answer = await api.request("GET", `/allocations?consumer_uuid=${a}`, {
      token: "somebody",
      roles: "reader",
    });
    expectRefusal(answer, {
      status: 403,
      message: "Policy does not allow placement:allocations:list to be performed.",
    });
  });
});

describe("who holds a provider", () => {
  test.each([1, 3, 7, 100])("in pages of %d, by uuid, each as in the whole list", async (limit) => {
    const path = `/resource_providers/${a}/allocations`;
    const whole = (await holders("")).body;
    const found = await walked(api, { path, limit }, holdersOf);
    expect(found.flat()).toEqual(consumers.toSorted());
    expect(found).toHaveLength(Math.ceil(consumers.length / limit));
    const pages = await pagesOf(api, { path, limit });
    expect(Object.assign({}, ...pages.map(({ allocations }) => allocations))).toEqual(
      whole.allocations,
    );
    for (const page of pages) {
      expect(page.resource_provider_generation).toBe(whole.resource_provider_generation);
    }
  });

  test("without a page is Placement's whole list, whatever else the query has", async () => {
    for (const query of ["", "colour=blue"]) {
      const { body } = await holders(query);
      expect(Object.keys(body)).toEqual(["allocations", "resource_provider_generation"]);
      expect(Object.keys(body.allocations)).toEqual(consumers);
    }
  });

  test("a bad page is 400, an unknown provider 404", async () => {
    for (const [query, message] of BAD_PAGES) {
      expectRefusal(await holders(query), { status: 400, message });
    }
    const none = `/resource_providers/${randomUUID()}/allocations?limit=1`;
    expect((await api.request("GET", none)).status).toBe(404);
    expect((await holders("limit=2", "1.0")).body.next_marker).toEqual(expect.any(String));
  });
});
