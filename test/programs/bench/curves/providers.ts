/** By the number of providers: a cold function's first request, and a warm one's next. */
import { writePages } from "../../../../functions/maintenance/write-profile-pages.ts";
import type { Runtime } from "../../../../lib/api/runtime.ts";
import { taskLambda } from "../../../../lib/api/task.ts";
import { seedProviders } from "../../../support/seeded.ts";
import { withTable } from "../engine.ts";
import { flat } from "../fleets.ts";
import type { Message } from "../peer/load.ts";
import { type Cell, heading, table } from "../report.ts";
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
  const cold = ["cold ms", "units", "tries"];
  const columns = [...cold, "cold with pages ms", ...cold.slice(1), "warm ms", "units"];
  table(["flat hosts", ...columns], rows);
}

async function costsOf(size: number): Promise<Cell[]> {
  const cells: Cell[] = [];
  await withTable(async ({ connection, documents }) => {
    await seedProviders(documents, flat(size));
    const meter = metered(connection);
    const once = () =>
      withService(meter.connection, async ({ load, runtime }) => {
        const cold = await meter.insist(load, CANDIDATES);
        if (cold === undefined) return { runtime };
        const warm = await meter.ask(load, RUNS, () => CANDIDATES);
        return { cold, warm, runtime };
      });
    const without = await once();
    await writeAllPages(without.runtime);
    const { cold, warm } = await once();
    for (const cost of [without.cold, cold]) {
      cells.push(cost?.milliseconds ?? "503", cost?.units ?? "", cost?.tries ?? "");
    }
    cells.push(warm?.milliseconds ?? "503", warm?.units ?? "");
  });
  return cells;
}

async function writeAllPages(runtime: Runtime): Promise<void> {
  const task = taskLambda(writePages, async () => runtime);
  for (let invocation = 0; invocation < MAX_INVOCATIONS; invocation += 1) {
    const report = (await task({})) as { readonly complete: boolean };
    if (report.complete) return;
  }
  throw new Error("the pages of profiles were not written to the end");
}
