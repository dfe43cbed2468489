/** What the first reading of 10,000 hosts costs a function: the figures of docs/performance.md. */
import { expect, inject, test } from "vitest";
import { startApi } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { coldView, withoutPages, writeAllPages } from "../support/cold.ts";
import { drawnHosts } from "../support/fleet.ts";
import { seedProviders } from "../support/seeded.ts";

const COUNT = Number(process.env["COLD_HOSTS"] ?? 10_000);

test("cold: at most 75 units for 1,000 hosts", { timeout: 900_000 }, async () => {
  const api = await startApi();
  await seedProviders(api, drawnHosts(COUNT, chance("cold hosts")));
  const bare = await coldView(api, withoutPages);
  await writeAllPages(api);
  const before = process.cpuUsage();
  const started = performance.now();
  const { view, units, counts } = await coldView(api);
  const { user, system } = process.cpuUsage(before);
  const took = `${Math.round(performance.now() - started)} ms, ${(user + system) / 1_000} ms of processor`;
  console.log(
    `cold, ${COUNT} hosts: ${units} units (${took}), without pages ${bare.units}`,
    counts,
  );
  expect(view.providers()).toHaveLength(COUNT);
  if (inject("engine") === "dynoxide") expect(units).toBeLessThanOrEqual(0.075 * COUNT);
  await api.close();
});
