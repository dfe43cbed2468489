/** What a restored table needs before it is used: it may have one part of a transaction only. */
import type { Configuration } from "../../api/configuration.ts";
import { beginEpoch } from "../../store/maintenance/begin-epoch.ts";
import { rebuild } from "../../store/maintenance/rebuild.ts";
import type { WalkPosition } from "../../store/maintenance/verify/walk/position.ts";
import { verifyTable } from "../../store/maintenance/verify/walk/verify-table.ts";
import type { MaintenanceStore } from "../../store/maintenance-store.ts";

const BATCH = 1_000;
/** Invocations of one step, each of a minute at most. */
const MAX_PARTS = 10_000;

export interface MendOptions {
  /** A store with time for one part of the work. */
  readonly open: () => MaintenanceStore;
  readonly configuration: Pick<Configuration, "incompleteProject" | "incompleteUser">;
  readonly tell: (line: string) => void;
}

/** @returns the number of contradictions that are left, or about which nothing is certain */
export async function mend({ open, configuration, tell }: MendOptions): Promise<number> {
  const { incompleteProject: project, incompleteUser: user } = configuration;
  const incomplete = { project, user };
  tell(`epoch: ${await beginEpoch(open())}`);
  const swept = await repeated(async () => {
    const { found, done } = await open().sweep(BATCH);
    return { count: done, isLast: found === 0 || done === 0 };
  });
  tell(`sweep: ${swept} large changes finished`);
  const rebuilt = await repeated(async () => {
    const options = { batchSize: BATCH, incomplete, changed: () => {} };
    const { done, complete } = await rebuild(open(), options);
    return { count: done, isLast: complete };
  });
  tell(`rebuild: ${rebuilt} records repaired`);
  let from: WalkPosition | undefined;
  let checked = 0;
  const left = await repeated(async () => {
    const given = from === undefined ? {} : { from };
    const options = { batchSize: BATCH, repair: false, incomplete, ...given };
    const report = await verifyTable(open(), options);
    for (const { rule, what } of report.findings) tell(`broken (${rule}): ${what}`);
    for (const { pk, sk } of report.unsettled) tell(`uncertain: ${pk} ${sk} kept changing`);
    from = report.next;
    checked += report.checked;
    return { count: report.findings.length + report.unsettled.length, isLast: from === undefined };
  });
  tell(`verify: ${checked} items checked, ${left} broken`);
  return left;
}

/** The sum of the counts of all parts. */
async function repeated(
  part: () => Promise<{ readonly count: number; readonly isLast: boolean }>,
): Promise<number> {
  let sum = 0;
  for (let n = 0; n < MAX_PARTS; n += 1) {
    const { count, isLast } = await part();
    sum += count;
    if (isLast) return sum;
  }
  throw new Error(`a step of the restore took more than ${MAX_PARTS} parts`);
}
