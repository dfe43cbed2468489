/** By the number of providers: a cold function's first request, and a warm one's next. */
import { writePages } from "../../../../functions/maintenance/write-profile-pages.ts";
import type { Runtime } from "../../../../lib/api/runtime.ts";
import { taskLambda } from "../../../../lib/api/task.ts";
import { seedProviders } from "../../../support/seeded.ts";
import { withTable } from "../engine.ts";
import { flat } from "../fleets.ts";
import type { Message } from "../peer/load.ts";
import { heading, table } from "../report.ts";
import { withService } from "../service.ts";
import { metered } from "./metered.ts";

const RUNS = 15;
/** Invocations of the task that writes pages, which stops in time and goes on in the next. */
const MAX_INVOCATIONS = 100;

const CANDIDATES: Message = {
  method: "GET",
  path: "/allocation_candidates?resources=VCPU:1,MEMORY_MB:256,DISK_GB:1&limit=100",
  expected: 200,
};

export async function curveOfProviders(sizes: readonly number[]): Promise<void> {
  heading("By the number of providers: candidates with limit=100");
  const rows = [];
  for (const size of sizes) rows.push([size, ...(await costsOf(size))]);
  const columns = ["cold ms", "units", "cold with pages ms", "units", "warm ms", "units"];
  table(["flat hosts", ...columns], rows);
}

async function costsOf(size: number): Promise<number[]> {
  const figures: number[] = [];
  await withTable(async ({ connection, documents }) => {
    await seedProviders(documents, flat(size));
    const meter = metered(connection);
    const once = (runs: number) =>
      withService(meter.connection, async ({ load, runtime }) => {
        const cold = await meter.ask(load, 1, () => CANDIDATES);
        const warm = runs > 0 ? await meter.ask(load, runs, () => CANDIDATES) : undefined;
        return { cold, warm, runtime };
      });
    const without = await once(0);
    await writeAllPages(without.runtime);
    const { cold, warm } = await once(RUNS);
    for (const cost of [without.cold, cold, warm]) {
      figures.push(cost?.milliseconds ?? Number.NaN, cost?.units ?? Number.NaN);
    }
  });
  return figures;
}

async function writeAllPages(runtime: Runtime): Promise<void> {
  const task = taskLambda(writePages, async () => runtime);
  for (let invocation = 0; invocation < MAX_INVOCATIONS; invocation += 1) {
    const report = (await task({})) as { readonly complete: boolean };
    if (report.complete) return;
  }
  throw new Error("the pages of profiles were not written to the end");
}
