/** By the number of consumers of one provider and of one project. */

import { seeded } from "../../../support/chance.ts";
import { crowd } from "../../../support/crowd.ts";
import { withTable } from "../engine.ts";
import type { Load, Message } from "../peer/load.ts";
import { seedWorld } from "../peer/seed.ts";
import { claimBody, makeWorld, OWNER, POOL_CLASS, PROJECT } from "../peer/world.ts";
import { heading, table } from "../report.ts";
import { withService } from "../service.ts";
import { metered } from "./metered.ts";

const SEED = 1;
const WIDTH = 8;
const RUNS = 7;

const COLUMNS = [
  ...["consumers", "their list ms", "units", "usages ms", "units", "usages of the project ms"],
  ...["units", "claim ms", "units", "release ms", "units"],
];

export async function curveOfConsumers(sizes: readonly number[]): Promise<void> {
  heading("By the number of consumers of one provider, all of one project");
  const chance = seeded(SEED + 1);
  const world = makeWorld(SEED, { hosts: 1, consumers: 0, spare: 1 });
  const of = `/resource_providers/${world.pool}`;
  const get = (path: string) => (): Message => ({ method: "GET", path, expected: 200 });
  const claim = (): Message => {
    const owner = { ...OWNER, project_id: PROJECT };
    const body = claimBody({ [world.pool]: { [POOL_CLASS]: 1 } }, null, owner);
    return { method: "PUT", path: `/allocations/${chance.uuid()}`, body, expected: 204 };
  };
  const rows: number[][] = [];
  await withTable(async ({ connection }) => {
    const meter = metered(connection);
    await withService(meter.connection, async ({ load }) => {
      await seedWorld(load, world);
      let held = 0;
      for (const size of sizes) {
        await claimAll(load, claim, size - held);
        held = size;
        const claimed: string[] = [];
        const noted = () => {
          const message = claim();
          claimed.push(message.path);
          return message;
        };
        const release = (): Message => {
          return { method: "DELETE", path: claimed.pop() ?? "", expected: 204 };
        };
        const costs = [];
        for (const [runs, message] of [
          [RUNS, get(`${of}/allocations`)],
          [RUNS, get(`${of}/usages`)],
          [RUNS, get(`/usages?project_id=${PROJECT}`)],
          [4 * RUNS, noted],
          [4 * RUNS, release],
        ] as const) {
          costs.push(await meter.ask(load, runs, message));
        }
        rows.push([size, ...costs.flatMap(({ milliseconds, units }) => [milliseconds, units])]);
      }
    });
  });
  table(COLUMNS, rows);
}

async function claimAll(load: Load, claim: () => Message, count: number): Promise<void> {
  await crowd({ width: WIDTH, count }, async () => {
    await load.expect(claim());
  });
}
