/** The order of every list: the same at each request, in a function that is warm and in a new one. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { SHARES, setAggregates, setTraits } from "../support/candidates.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { numberedUuid } from "../support/providers.ts";
import { claimBody, makeProvider, OWNER, putInventories } from "../support/world.ts";

const clock = fastClock();
const warm = useApi({ clock });
/** In the order of their creation, which is not that of their uuids: a tree, then hosts. */
const TREE = [40, 12, 33, 1, 27].map(numberedUuid);
const HOSTS = [9, 50, 3, 44, 21, 8].map(numberedUuid);
const POOL = numberedUuid(2);
const ALL = [...TREE, ...HOSTS, POOL];
const AGGREGATES = [numberedUuid(77), numberedUuid(70), numberedUuid(75)];
const INVENTORIES = { DISK_GB: 100, VCPU: 100, CUSTOM_B: 100, MEMORY_MB: 100, CUSTOM_A: 100 };

beforeAll(async () => {
  for (const name of ["CUSTOM_B", "CUSTOM_A"]) {
    await warm.request("PUT", `/resource_classes/${name}`);
  }
  for (const [index, uuid] of ALL.entries()) {
    clock.pass(1);
    const parent = index > 0 && index < TREE.length ? TREE[(index - 1) >> 1] : undefined;
    const above = parent === undefined ? {} : { parent };
    await makeProvider(warm, INVENTORIES, { uuid, ...above });
    // A list between the writes: what a warm function knows comes bit by bit.
    if (index % 3 === 0) await ask(warm, "/resource_providers");
    if (index % 4 === 0) await ask(warm, "/allocation_candidates?resources=VCPU:1");
    await setAggregates(warm, uuid, AGGREGATES);
    await setTraits(warm, uuid, ["CUSTOM_B", "HW_CPU_X86_AVX2", "CUSTOM_A", "HW_CPU_X86_AVX"]);
  }
  await setTraits(warm, POOL, [SHARES]);
});

async function ask({ request }: Pick<Api, "request">, path: string): Promise<string> {
  const { status, body } = await request("GET", path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.stringify(body);
}

/** The answer of a warm function, which a new one gives letter by letter too. */
async function shown(path: string) {
  const known = await ask(warm, path);
  expect(await ask(warm, path)).toBe(known);
  const cold = await startApi({ tableName: warm.tableName });
  try {
    expect(await ask(cold, path)).toBe(known);
  } finally {
    await cold.close();
  }
  return JSON.parse(known);
}

async function listed(query: string): Promise<string[]> {
  const { resource_providers: providers } = await shown(`/resource_providers${query}`);
  return providers.map(({ uuid }: { uuid: string }) => uuid);
}

describe("providers, in the order of their creation", () => {
  test.each([
    ["", ALL],
    ["?resources=VCPU:1", ALL],
    [`?member_of=${AGGREGATES[0]}`, ALL],
    ["?required=CUSTOM_A", [...TREE, ...HOSTS]],
    ["?required=!CUSTOM_A", [POOL]],
    [`?in_tree=${TREE[3]}`, TREE],
    [`?in_tree=${TREE[0]}&required=CUSTOM_A&resources=VCPU:1`, TREE],
  ])("%s", async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  test("after one is changed, moved, deleted or created again", async () => {
    const [second = "", last = ""] = [TREE[1], HOSTS.at(-1)];
    const [first = ""] = HOSTS;
    await setTraits(warm, first, ["CUSTOM_A"]);
    const moved = { name: "moved", parent_provider_uuid: first };
    await warm.request("PUT", `/resource_providers/${last}`, { body: moved });
    expect(await listed("")).toEqual(ALL);
    expect(await listed(`?in_tree=${last}`)).toEqual([first, last]);
    const back = { name: "moved", parent_provider_uuid: null };
    await warm.request("PUT", `/resource_providers/${last}`, { body: back });
    const gone = await startApi({ tableName: warm.tableName, clock });
    const passing = numberedUuid(0);
    clock.pass(1);
    await makeProvider(gone, { VCPU: 1 }, { uuid: passing, parent: second });
    expect(await listed(`?in_tree=${second}`)).toEqual([...TREE, passing]);
    expect(await listed("")).toEqual([...ALL, passing]);
    await gone.request("DELETE", `/resource_providers/${passing}`);
    expect(await listed("")).toEqual(ALL);
    await gone.close();
  });

  test("two of one millisecond come by uuid", async () => {
    const both = [numberedUuid(91), numberedUuid(90)];
    for (const uuid of both) await makeProvider(warm, {}, { uuid });
    expect(await listed("")).toEqual([...ALL, ...both.toReversed()]);
    for (const uuid of both) await warm.request("DELETE", `/resource_providers/${uuid}`);
  });
});

describe("candidates", () => {
  test("by the uuids of their roots, then one after the other, with the tree's summaries", async () => {
    const { allocation_requests: requests, provider_summaries: summaries } = await shown(
      "/allocation_candidates?resources=MEMORY_MB:1,VCPU:2",
    );
    const roots = [TREE[0] ?? "", ...HOSTS, POOL].toSorted();
    const firsts = requests.slice(0, roots.length).map((each: { allocations: object }) => {
      const [provider = "", ...more] = Object.keys(each.allocations);
      expect(more).toEqual([]);
      return provider;
    });
    expect(firsts).toEqual(roots);
    expect(requests[0].allocations[roots[0] ?? ""].resources).toEqual({ MEMORY_MB: 1, VCPU: 2 });
    expect(Object.keys(requests[0].allocations[roots[0] ?? ""].resources)).toEqual([
      "MEMORY_MB",
      "VCPU",
    ]);
    const trees = roots.flatMap((root) =>
      root === TREE[0] ? [root, ...TREE.slice(1).toSorted()] : [root],
    );
    expect(Object.keys(summaries)).toEqual(trees);
    const host = summaries[HOSTS[1] ?? ""];
    expect(Object.keys(host.resources)).toEqual(Object.keys(sorted(INVENTORIES)));
    expect(host.traits).toEqual(["CUSTOM_A", "CUSTOM_B", "HW_CPU_X86_AVX", "HW_CPU_X86_AVX2"]);
  });

  test.each([
    "resources=DISK_GB:1&resources_B=VCPU:1&resources_A=MEMORY_MB:1&group_policy=none&limit=40",
    `resources=VCPU:1&in_tree=${TREE[2]}`,
    `resources=VCPU:1,DISK_GB:1&member_of=${AGGREGATES[1]}&explain=true&limit=30`,
  ])("the same letters each time: %s", async (query) => {
    const { allocation_requests: requests } = await shown(`/allocation_candidates?${query}`);
    expect(requests.length).toBeGreaterThan(1);
    const suffixes = [...query.matchAll(/resources(\w*)=/g)].map(([, suffix]) => suffix);
    expect(Object.keys(requests[0].mappings)).toEqual(suffixes);
  });
});

/** Standard classes in their order, then custom ones as they were made. */
function sorted(given: typeof INVENTORIES) {
  const { VCPU, MEMORY_MB, DISK_GB, CUSTOM_B, CUSTOM_A } = given;
  return { VCPU, MEMORY_MB, DISK_GB, CUSTOM_B, CUSTOM_A };
}

describe("what belongs to a provider", () => {
  const path = `/resource_providers/${TREE[0]}`;
  const CLASSES = Object.keys(sorted(INVENTORIES));

  test("inventories and usages in the standard order, custom ones as they were made", async () => {
    expect(Object.keys((await shown(`${path}/inventories`)).inventories)).toEqual(CLASSES);
    expect(Object.keys((await shown(`${path}/usages`)).usages)).toEqual(CLASSES);
    const { body } = await warm.request("GET", path);
    const turned = Object.fromEntries(Object.entries(INVENTORIES).reverse());
    await putInventories(warm, TREE[0] ?? "", body.generation, turned);
    expect(Object.keys((await shown(`${path}/inventories`)).inventories)).toEqual(CLASSES);
  });

  test("the classes of who holds it in that order too, however they were written", async () => {
    const consumer = randomUUID();
    const held = { [HOSTS[0] ?? ""]: { CUSTOM_A: 1, DISK_GB: 1, CUSTOM_B: 1, VCPU: 1 } };
    await warm.request("PUT", `/allocations/${consumer}`, { body: claimBody(held, null) });
    const { allocations } = await shown(`/resource_providers/${HOSTS[0]}/allocations`);
    expect(Object.keys(allocations[consumer].resources)).toEqual([
      "VCPU",
      "DISK_GB",
      "CUSTOM_B",
      "CUSTOM_A",
    ]);
    await warm.request("DELETE", `/allocations/${consumer}`);
  });

  test("traits in the standard order, custom ones as they were made; aggregates as given", async () => {
    const { traits } = await shown(`${path}/traits`);
    expect(traits).toEqual(["HW_CPU_X86_AVX", "HW_CPU_X86_AVX2", "CUSTOM_B", "CUSTOM_A"]);
    expect((await shown(`${path}/aggregates`)).aggregates).toEqual(AGGREGATES);
    await setAggregates(warm, TREE[0] ?? "", AGGREGATES.toReversed());
    expect((await shown(`${path}/aggregates`)).aggregates).toEqual(AGGREGATES.toReversed());
  });
});

test("all classes and traits: standard ones, then custom ones by name", async () => {
  const { resource_classes: classes } = await shown("/resource_classes");
  const names = classes.map(({ name }: { name: string }) => name);
  expect(names.slice(0, 3)).toEqual(["VCPU", "MEMORY_MB", "DISK_GB"]);
  expect(names.slice(-2)).toEqual(["CUSTOM_A", "CUSTOM_B"]);
  const { traits } = await shown("/traits?name=startswith:CUSTOM");
  expect(traits).toEqual(["CUSTOM_A", "CUSTOM_B"]);
});

test("usages by the names of consumer types, unknown ones last, their classes in the standard order", async () => {
  const [host = ""] = HOSTS;
  const held = claimBody({ [host]: { CUSTOM_A: 1, VCPU: 1 } }, null);
  for (const type of ["unknown", "VOLUME", "A_TYPE", "INSTANCE", "9"]) {
    const body = { ...held, project_id: "usages", user_id: `user of ${type}`, consumer_type: type };
    const answer = await warm.request("PUT", `/allocations/${randomUUID()}`, { body });
    expect(answer.status).toBe(204);
  }
  const { usages } = await shown("/usages?project_id=usages");
  // A name that is a number comes first in every object.
  expect(Object.keys(usages)).toEqual(["9", "A_TYPE", "INSTANCE", "VOLUME", "unknown"]);
  expect(Object.keys(usages.VOLUME)).toEqual(["consumer_count", "VCPU", "CUSTOM_A"]);
});

test("consumers of a project by user and uuid, idle ones by age", async () => {
  const made: string[] = [];
  for (const user of ["u", "v", "u", "v", "u"]) {
    clock.pass(1);
    const body = { ...OWNER, project_id: "listed", user_id: user };
    const answer = await warm.request("POST", "/consumers", { body });
    made.push(answer.body.uuid);
  }
  const idle = await shown("/consumers?idle_for=0");
  expect(idle.consumers.map(({ uuid }: { uuid: string }) => uuid)).toEqual(made);
  const { consumers } = await shown("/consumers?project_id=listed");
  const users = consumers.map(({ user_id: user }: { user_id: string }) => user);
  expect([users, users.toReversed()]).toContainEqual(["u", "u", "u", "v", "v"]);
  const uuids = (user: string) =>
    consumers
      .filter((each: { user_id: string }) => each.user_id === user)
      .map(({ uuid }: { uuid: string }) => uuid);
  for (const user of ["u", "v"]) expect(uuids(user)).toEqual(uuids(user).toSorted());
});
