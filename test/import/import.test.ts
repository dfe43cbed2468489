/** `npm run import` from one server of ours into the table of another one. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { chance } from "../support/chance.ts";
import { useApi } from "../support/frame.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, putInventories, release } from "../support/world.ts";
import { runProgram, tableOf } from "./run.ts";
import { expectSame } from "./same.ts";
import { makeSource, type World } from "./world.ts";

const source = useApi();
const target = useApi();
let world: World;

beforeAll(async () => {
  world = await makeSource(source, chance("import"), { trees: 3, consumers: 20 });
});

const run = (...args: string[]) =>
  runProgram(["--from", source.url, "--token", "admin", ...args], tableOf(target));

/** The lines of the differences, in any order. */
async function differences(): Promise<string[]> {
  const { lines, status } = await run("--verify");
  const found = lines.slice(0, -1);
  expect(lines.at(-1)).toBe(`${found.length} differences`);
  expect(status).toBe(found.length === 0 ? 0 : 1);
  return found;
}

test("a dry run says what would be written, and writes nothing", async () => {
  const before = await target.items();
  const { status, lines } = await run("--dry-run");
  expect(status).toBe(1);
  expect(lines).toHaveLength(40);
  expect(lines).toContain(`provider ${world.trees[0]?.[0]}: only in the source`);
  expect(lines.at(-1)).toBe(
    `2 resource classes to create, 2 traits to create, 15 providers to create, 20 consumers to create in table ${target.tableName} at ${target.endpoint}`,
  );
  expect(await target.items()).toEqual(before);
});

test("an empty table gets all, with the same generations and in the same order", async () => {
  const { status, lines } = await run();
  expect(lines).toEqual([
    "pass 1: 2 resource classes created, 2 traits created, 15 providers created, 20 consumers created; 0 not written",
    "0 differences",
  ]);
  expect(status).toBe(0);
  await expectSame(source, target, world.consumers);
  expect(await differences()).toEqual([]);
});

test("once more, nothing is written", async () => {
  const before = await target.items();
  const { status, lines } = await run();
  expect(status).toBe(0);
  expect(lines.at(-1)).toMatch(/^equal: reading 1 of the source found no difference/);
  expect(await target.items()).toEqual(before);
});

test("a claim goes on with the generations that it knows", async () => {
  const [consumer = ""] = world.consumers;
  const { body: shown } = await source.request("GET", `/allocations/${consumer}`);
  const answer = await target.request("PUT", `/allocations/${consumer}`, { body: shown });
  expect(answer.status).toBe(204);
  expect(await differences()).toContain(`consumer ${consumer}: generation: source 1, table 2`);
  expect((await run()).status).toBe(0);
});

describe("what changes in the source", () => {
  const put = (uuid: string, body: object) =>
    source.request("PUT", `/resource_providers/${uuid}`, { body });
  const [one, two, three, four] = [randomUuid(), randomUuid(), randomUuid(), randomUuid()];
  const [left, moved, again] = [randomUuid(), randomUuid(), randomUuid()];

  beforeAll(async () => {
    await source.request("PUT", "/resource_classes/CUSTOM_GONE");
    await source.request("PUT", "/traits/CUSTOM_GONE");
    await makeProvider(source, { VCPU: 9, CUSTOM_GONE: 9 }, { uuid: one, name: "one" });
    await makeProvider(source, { VCPU: 9 }, { uuid: two, name: "two", parent: one });
    await makeProvider(source, { VCPU: 9 }, { uuid: three, name: "three" });
    const traits = { resource_provider_generation: 1, traits: ["CUSTOM_GONE"] };
    await source.request("PUT", `/resource_providers/${three}/traits`, { body: traits });
    await claim(source, left, { [one]: { CUSTOM_GONE: 9 } });
    await claim(source, moved, { [three]: { VCPU: 9 } });
    await claim(source, again, { [two]: { VCPU: 4 } });
    expect((await run()).status).toBe(0);
    // The names of two providers change places, one gets under the other, and one goes.
    await put(one, { name: "swapped" });
    await put(two, { name: "one", parent_provider_uuid: null });
    await put(one, { name: "two", parent_provider_uuid: two });
    await release(source, left);
    await putInventories(source, one, 2, { VCPU: 5 });
    await claim(source, moved, { [one]: { VCPU: 5 } }, 1);
    await source.request("DELETE", `/resource_providers/${three}`);
    await source.request("DELETE", "/traits/CUSTOM_GONE");
    await source.request("DELETE", "/resource_classes/CUSTOM_GONE");
    await makeProvider(source, {}, { uuid: four, name: "three" });
    await release(source, again);
    const other = { project_id: "other", user_id: "other", consumer_type: "MIGRATION" };
    const body = { allocations: { [two]: { resources: { VCPU: 1 } } }, ...other };
    await source.request("PUT", `/allocations/${again}`, {
      body: { ...body, consumer_generation: null },
    });
    const aggregates = [randomUuid().replaceAll("-", "").toUpperCase()];
    const path = `/resource_providers/${one}/aggregates`;
    await source.request("PUT", path, { body: aggregates, version: "1.18" });
  });

  test("is a line for each difference", async () => {
    const found = await differences();
    for (const line of [
      "resource class CUSTOM_GONE: only in the table",
      "trait CUSTOM_GONE: only in the table",
      `provider ${one}: name: source "two", table "one"`,
      `provider ${two}: parent: source none, table "${one}"`,
      `provider ${four}: only in the source`,
      `provider ${three}: only in the table`,
      `consumer ${left}: only in the table`,
      `consumer ${again}: project: source "other", table "project"`,
      `consumer ${again}: allocations on ${two}: source {"VCPU":1}, table {"VCPU":4}`,
    ]) {
      expect(found).toContain(line);
    }
    expect(found.filter((line) => line.startsWith(`provider ${one}: inventory of`))).toHaveLength(
      2,
    );
  });

  test("is refused before anything is written where it deletes what may be another's", async () => {
    const before = await target.items();
    const { status, lines, warnings } = await run("--follow");
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(warnings).toContain(`provider ${three}: only in the table`);
    expect(warnings.at(-1)).toBe(
      "import: nothing was written: 3 providers, classes or traits of the table are not in the source; --prune deletes them",
    );
    expect(await target.items()).toEqual(before);
  });

  test("is followed until both are equal", async () => {
    const { body: before } = await target.request("GET", `/consumers/${again}`);
    const { status, lines, warnings } = await run("--follow", "--prune");
    expect(lines.at(-1)).toMatch(/^equal: reading 2 of the source found no difference/);
    expect(status).toBe(0);
    expect(warnings.filter((line) => line.startsWith("not written"))).toEqual([]);
    await expectSame(source, target, [...world.consumers, moved, again]);
    const { body: after } = await target.request("GET", `/consumers/${again}`);
    expect(after.consumer_generation).toBe(before.consumer_generation);
    expect(after.life).not.toBe(before.life);
  });
});

test("what the table has beyond the source goes only if it is asked for", async () => {
  const foreign: Uuid = await makeProvider(target);
  const refused = await run();
  expect(refused.status).toBe(2);
  expect(refused.warnings.at(-1)).toContain("--prune deletes them");
  expect((await target.request("GET", `/resource_providers/${foreign}`)).status).toBe(200);
  const pruned = await run("--prune");
  expect(pruned.lines).toEqual(["pass 1: 1 provider deleted; 0 not written", "0 differences"]);
  expect((await target.request("GET", `/resource_providers/${foreign}`)).status).toBe(404);
});
