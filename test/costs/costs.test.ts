/**
 * What each operation costs on a warm function, counted: test/fixtures/costs.json. After a
 * change that is meant, `WRITE_COSTS=1 npx vitest run test/costs` and `npm run docs` write the
 * fixture and docs/costs.md anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Costs, type Counted, compare } from "./compare.ts";
import type { Shape } from "./shape.ts";
import { GROUPS } from "./shapes/all.ts";
import { startWorld, type World } from "./world.ts";

const FIXTURE = new URL("../fixtures/costs.json", import.meta.url);
const WRITES = process.env["WRITE_COSTS"] === "1";
const kept = WRITES ? {} : (JSON.parse(readFileSync(FIXTURE, "utf8")) as Costs);
const measured: Record<string, Record<string, Counted>> = {};

async function measure(world: World, { group, name, aim, prepare }: Shape): Promise<Counted> {
  await world.begin(`${group}: ${name}`);
  const prepared = await prepare(world);
  if ("run" in prepared) {
    return { aim: aim ?? null, ...(await world.counting.during(prepared.run)), answerBytes: 0 };
  }
  const { stale = false, status, method, path, ...options } = prepared;
  if (!stale) await world.warm();
  let answerBytes = 0;
  const cost = await world.counting.during(async () => {
    const answer = await world.request(method, path, options);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    answerBytes = Number(answer.headers["content-length"] ?? 0);
  });
  return { aim: aim ?? null, ...cost, answerBytes };
}

// DynamoDB Local counts units otherwise than AWS.
describe.runIf(inject("engine") === "dynoxide")("costs", () => {
  describe.each(GROUPS.map((shapes) => [shapes[0]?.group ?? "", shapes] as const))(
    "%s",
    (group, shapes) => {
      let world: World;
      beforeAll(async () => {
        world = await startWorld();
      });
      afterAll(() => world.close());

      test.each(shapes.map((shape) => [shape.name, shape] as const))("%s", async (name, shape) => {
        const counted = await measure(world, shape);
        measured[group] = { ...measured[group], [name]: counted };
        if (!WRITES) expect(compare(kept[group]?.[name], counted)).toEqual([]);
      });
    },
  );

  test("the fixture has just these", () => {
    if (WRITES) writeFileSync(FIXTURE, `${JSON.stringify(measured, null, 2)}\n`);
    const namesOf = (costs: Costs) => Object.values(costs).map((group) => Object.keys(group));
    expect(namesOf(JSON.parse(readFileSync(FIXTURE, "utf8")))).toEqual(namesOf(measured));
  });
});
