/** The list of providers in pages: each once, in the order of the whole list. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { BAD_PAGES, pagesOf, providersOf, walked } from "../support/pages.ts";
import { makeProvider } from "../support/world.ts";

const clock = fastClock();
const api = useApi({ clock });
const COUNT = 23;
const all: string[] = [];
let root = "";

beforeAll(async () => {
  for (let index = 0; index < COUNT; index += 1) {
    // Some of one millisecond: their uuids are the order.
    if (index % 4 === 0) clock.pass(1);
    const uuid = await makeProvider(api, index % 2 === 0 ? { VCPU: 4 } : {}, {
      ...(index > 0 && index % 5 === 0 ? { parent: root } : {}),
    });
    if (index === 0) root = uuid;
  }
  all.push(...providersOf((await list("")).body));
});

const list = (query: string, version = "1.39") =>
  api.request("GET", `/resource_providers${query}`, { version });
const pages = (query: string, limit: number) =>
  walked(api, { path: `/resource_providers${query}`, limit }, providersOf);

test.each([1, 5, COUNT - 1, COUNT, COUNT + 1, 1_000])("of %d at most", async (limit) => {
  const found = await pages("", limit);
  expect(found.flat()).toEqual(all);
  expect(found).toHaveLength(Math.ceil(COUNT / limit));
});

test("without limit, marker and include the answer is Placement's", async () => {
  const { body } = await list("");
  expect(Object.keys(body)).toEqual(["resource_providers"]);
  expect(Object.keys(body.resource_providers[0])).toEqual([
    "uuid",
    "name",
    "generation",
    "parent_provider_uuid",
    "root_provider_uuid",
    "links",
  ]);
});

test("each document is that of the whole list, at every version", async () => {
  for (const version of ["1.0", "1.1", "1.6", "1.11", "1.14", "1.18", "1.39"]) {
    const whole = (await list("", version)).body.resource_providers;
    const walk = { path: "/resource_providers", limit: 7, version };
    const found = await pagesOf(api, walk);
    expect(found.flatMap(({ resource_providers: some }) => some)).toEqual(whole);
  }
});

test("a marker alone begins a page of 100, the last one here", async () => {
  const first = (await list("?limit=3")).body;
  const rest = (await list(`?marker=${first.next_marker}`)).body;
  expect([...providersOf(first), ...providersOf(rest)]).toEqual(all);
  expect(rest.next_marker).toBeNull();
});

test("of a filtered list are its own", async () => {
  for (const query of ["?resources=VCPU:1", `?in_tree=${root}`, "?required=!HW_CPU_X86_VMX"]) {
    const whole = providersOf((await list(query)).body);
    expect(whole.length).toBeGreaterThan(3);
    expect((await pages(query, 2)).flat()).toEqual(whole);
  }
  expect(await pages(`?uuid=in:${all[4]},${all[1]},${randomUUID()},${all[9]}`, 2)).toEqual([
    [all[1], all[4]],
    [all[9]],
  ]);
  expect(await pages(`?uuid=${all[4]}`, 1)).toEqual([[all[4]]]);
  expect(await pages(`?name=${randomUUID()}`, 5)).toEqual([[]]);
});

test("a deleted marker still says where to go on", async () => {
  clock.pass(1);
  const uuids = [await makeProvider(api), await makeProvider(api), await makeProvider(api)].sort();
  const { body } = await list(`?limit=${COUNT + 2}`);
  expect(providersOf(body).at(-1)).toBe(uuids[1]);
  for (const uuid of uuids.slice(0, 2)) await api.request("DELETE", `/resource_providers/${uuid}`);
  const next = await list(`?limit=5&marker=${body.next_marker}`);
  expect([providersOf(next.body), next.body.next_marker]).toEqual([[uuids[2]], null]);
  await api.request("DELETE", `/resource_providers/${uuids[2]}`);
});

describe("several by their uuids", () => {
  test("in the order of their creation, each once, in any spelling of 36 characters", async () => {
    const [a = "", b = "", c = ""] = [all[8], all[2], all[5]];
    const { body } = await list(`?uuid=in:${a},${b.toUpperCase()},${c},${b}`);
    expect(providersOf(body)).toEqual([b, c, a]);
    expect(Object.keys(body)).toEqual(["resource_providers"]);
    const roomy = providersOf((await list("?resources=VCPU:1")).body);
    const some = await list(`?uuid=in:${all.join(",")}&resources=VCPU:1`);
    expect(providersOf(some.body)).toEqual(roomy);
    expect(roomy.length).toBeLessThan(all.length);
  });

  test("as many as a request line holds", async () => {
    const many = (count: number) =>
      `?uuid=in:${Array.from({ length: count - 1 }, () => randomUUID()).join(",")},${all[3]}`;
    expect(providersOf((await list(many(260))).body)).toEqual([all[3]]);
    expectRefusal(await list(many(271)), {
      status: 400,
      message: /may have 270 uuids, and has 271/,
    });
  });
});

const bad = [
  ...BAD_PAGES,
  ["uuid=in:", /'', in a list of uuids, is not a 'uuid'/],
  ["uuid=in:a", /'a', in a list of uuids, is not a 'uuid'/],
  [`uuid=in:${randomUUID()},`, /in a list of uuids, is not a 'uuid'/],
  [`uuid=in:${randomUUID().replaceAll("-", "")}`, /in a list of uuids, is not a 'uuid'/],
  ["uuid=spameggs", /^Invalid query string parameters: 'spameggs' is not a 'uuid'/],
  ["include=", /\['include'\]/],
  ["include=colours", /\['include'\]/],
  ["include=usages,", /\['include'\]/],
  ["include=usages%20,traits", /\['include'\]/],
  ["colour=blue", /\('colour' was unexpected\)/],
] as const;

test("bad input is 400, and nothing changes", async () => {
  const before = await api.items();
  for (const [query, message] of bad) {
    expectRefusal(await list(`?${query}`), { status: 400, message });
  }
  expect(await api.items()).toEqual(before);
});

test("a marker of another list is refused", async () => {
  const { body } = await api.request("GET", "/traits?limit=1");
  expectRefusal(await list(`?marker=${body.next_marker}`), { status: 400 });
});
