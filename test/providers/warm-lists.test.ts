/** Lists by name and by tree are the same from providers in memory and from their items. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { warmViewOf } from "../../lib/store/providers/view.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { readingStore, startWarm, type Warm } from "../support/warm.ts";

const STEPS = 25;
const NAMES = Array.from({ length: 8 }, (_, index) => `name-${index}`);
const AGGREGATE = "0d3f4c6f-9a6a-4f6b-8f5b-5f108e1f2f5a";

let warm: Warm;
/** A function that never reads all providers. */
let byKeys: Api;

beforeAll(async () => {
  warm = await startWarm();
  byKeys = await startApi({ tableName: warm.writer.tableName });
});
afterAll(async () => {
  await byKeys.close();
  await warm.close();
});

const isWarm = async (api: Api) => (await warmViewOf(readingStore(api))) !== undefined;

interface Known {
  /** Those that were made, deleted ones too. */
  readonly uuids: string[];
}

/** A root with two below it, so that lists of trees differ in length whatever is drawn. */
async function makeTree({ uuid }: Chance): Promise<string[]> {
  const uuids = [uuid(), uuid(), uuid()];
  for (const [index, each] of uuids.entries()) {
    const above = index === 0 ? {} : { parent_provider_uuid: uuids[0] };
    const body = { uuid: each, name: `tree-${index}`, ...above };
    const { status } = await warm.writer.request("POST", "/resource_providers", { body });
    expect(status).toBe(200);
  }
  return uuids;
}

/** One change, which may be refused. */
async function change({ uuids }: Known, { below, pick, uuid }: Chance): Promise<void> {
  const { writer } = warm;
  const one = uuids.length === 0 ? uuid() : pick(uuids);
  const path = `/resource_providers/${one}`;
  const kind = below(10);
  if (kind < 4) {
    const made = uuid();
    const above = below(2) === 0 ? {} : { parent_provider_uuid: one };
    const body = { uuid: made, name: pick(NAMES), ...above };
    const { status } = await writer.request("POST", "/resource_providers", { body });
    if (status === 200) uuids.push(made);
  } else if (kind < 6) {
    await writer.request("DELETE", path);
  } else if (kind < 8) {
    const above = below(2) === 0 ? {} : { parent_provider_uuid: pick([null, ...uuids]) };
    await writer.request("PUT", path, { body: { name: pick(NAMES), ...above } });
  } else {
    const { body: shown } = await writer.request("GET", path);
    const body = {
      aggregates: below(2) === 0 ? [] : [AGGREGATE],
      resource_provider_generation: shown.generation ?? 0,
    };
    await writer.request("PUT", `${path}/aggregates`, { body });
  }
}

test("whatever changes between them", async () => {
  const drawn = chance("lists from memory and by keys");
  const known: Known = { uuids: await makeTree(drawn) };
  await warm.view();
  const lengths = new Set<number>();
  for (let step = 0; step < STEPS; step += 1) {
    await change(known, drawn);
    const member = drawn.pick([drawn.uuid(), ...known.uuids]);
    const more = drawn.pick(["", `&member_of=${AGGREGATE}`, `&member_of=!${AGGREGATE}`]);
    for (const filter of [
      `name=${drawn.pick(NAMES)}`,
      `in_tree=${member}`,
      `in_tree=${member}&name=${drawn.pick(NAMES)}`,
    ]) {
      const path = `/resource_providers?${filter}${more}`;
      expect(await isWarm(warm.reader), path).toBe(true);
      const [fromMemory, fromItems] = [
        await warm.reader.request("GET", path),
        await byKeys.request("GET", path),
      ];
      expect(fromMemory.status).toBe(200);
      expect([path, fromMemory.body]).toEqual([path, fromItems.body]);
      lengths.add(fromItems.body.resource_providers.length);
    }
  }
  expect(await isWarm(byKeys)).toBe(false);
  expect(lengths.size).toBeGreaterThan(2);
});

test("a function whose providers are too old for that reads by keys, and loads nothing", async () => {
  await warm.view();
  warm.reads();
  await warm.reader.request("GET", "/resource_providers?name=nobody");
  expect(warm.reads().counts).toEqual({ BatchGet: 1 });
  warm.clock.pass(11_000);
  await warm.reader.request("GET", "/resource_providers?name=nobody");
  const { units } = warm.reads();
  expect(units).toBeLessThan(5);
  expect(await isWarm(warm.reader)).toBe(false);
});
