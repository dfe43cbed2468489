/** By the number of writers: claims on one provider, and on many. */
import type { Uuid } from "../../../../lib/model/uuid.ts";
import { seeded } from "../../../support/chance.ts";
import { withTable } from "../engine.ts";
import { figuresOf } from "../peer/figures.ts";
import { seedWorld } from "../peer/seed.ts";
import { playAct, Recorder } from "../peer/slice.ts";
import { CLAIMED, claimBody, makeWorld, POOL_CLASS, type World } from "../peer/world.ts";
import { heading, table } from "../report.ts";
import { withService } from "../service.ts";

const SEED = 1;
const HOSTS = 100;

type Held = Readonly<Record<Uuid, Readonly<Record<string, number>>>>;

export async function curveOfWriters(
  writers: readonly number[],
  milliseconds: number,
): Promise<void> {
  heading("By the number of writers: claims of new consumers, each writer without a pause");
  const world = makeWorld(SEED, { hosts: HOSTS, consumers: 0, spare: 1 });
  const chance = seeded(SEED + 1);
  const targets: readonly (readonly [string, () => Held])[] = [
    ["one provider", () => ({ [world.pool]: { [POOL_CLASS]: 1 } })],
    [`${HOSTS} providers`, () => ({ [anyOf(world, chance.fraction())]: CLAIMED })],
  ];
  const rows: (string | number)[][] = [];
  await withTable(async ({ connection }) => {
    await withService(connection, async ({ load }) => {
      await seedWorld(load, world);
      for (const [what, held] of targets) {
        for (const clients of writers) {
          const recorder = new Recorder(load);
          const act = async () => {
            const body = claimBody(held(), null);
            const path = `/allocations/${chance.uuid()}`;
            await recorder.measured({ method: "PUT", path, body, expected: 204 });
            return true;
          };
          const slice = await playAct(act, recorder, { clients, milliseconds });
          const pair = { ours: slice, peer: slice };
          const { ours } = figuresOf({ name: what, kind: "claim" }, clients, [pair]);
          rows.push([what, clients, ours.rate, ours.p50, ours.p99, slice.errors.length]);
          for (const error of slice.errors.slice(0, 1)) console.error(error);
        }
      }
    });
  });
  table(["writing to", "writers", "claims a second", "p50 ms", "p99 ms", "errors"], rows);
}

function anyOf({ hosts }: World, fraction: number): Uuid {
  return hosts[Math.floor(fraction * hosts.length)]?.uuid as Uuid;
}
