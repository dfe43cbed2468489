/** `npm run verify`: whether the records of a whole table agree. */
import type { Runtime } from "../api/runtime.ts";
import type { WalkPosition } from "../store/maintenance/verify/walk/position.ts";
import { added, emptyTally, noteVerified } from "../store/maintenance/verify/walk/tally.ts";
import { type Reported, verifyTable } from "../store/maintenance/verify/walk/verify-table.ts";
import { connectBySdk } from "../store/table/sdk-client.ts";
import { connectTo, removeLeftAttempts } from "./connections.ts";
import { pendingOf } from "./events/local-feed.ts";
import { localRuntime } from "./runtime.ts";
import { type Closers, openStorage, requireTable, type TableLocation } from "./storage.ts";
import { upgradeAtStart } from "./upgrade.ts";
import { parseVerifyOptions, VERIFY_HELP, type VerifyProgramOptions } from "./verify-options.ts";
import { opener, runCommand } from "./whole-table.ts";

const BATCH = 200;

interface Sums {
  checked: number;
  found: number;
  repaired: number;
  unsettled: number;
}

/** @returns the exit status */
async function verify(
  options: VerifyProgramOptions,
  location: TableLocation,
  runtime: Runtime,
): Promise<number> {
  const { configuration } = runtime;
  const open = opener(runtime);
  const incomplete = {
    project: configuration.incompleteProject,
    user: configuration.incompleteUser,
  };
  const sums: Sums = { checked: 0, found: 0, repaired: 0, unsettled: 0 };
  let tally = emptyTally(runtime.clock.now());
  let from: WalkPosition | undefined;
  do {
    const report = await verifyTable(open(), {
      batchSize: BATCH,
      repair: options.repair,
      incomplete,
      ...(from === undefined ? {} : { from }),
    });
    for (const each of report.findings) print(each, options.json);
    for (const { pk, sk } of report.unsettled) {
      console.log(`uncertain: ${pk} ${sk} kept changing; verify again`);
    }
    tally = added(tally, report);
    sums.checked += report.checked;
    sums.found += report.findings.length;
    sums.repaired += report.findings.filter(({ outcome }) => outcome === "repaired").length;
    sums.unsettled += report.unsettled.length;
    from = report.next;
  } while (from !== undefined);
  // Without repairs the table is only read, whichever release has written it.
  if (options.repair) await noteVerified(open(), tally);
  const { checked, found, repaired, unsettled } = sums;
  console.log(
    `${checked} items in ${location.words}: ${found} broken, ${repaired} repaired, ${unsettled} uncertain`,
  );
  return found > repaired || unsettled > 0 ? 1 : 0;
}

function print({ rule, what, items, outcome }: Reported, json: boolean): void {
  if (json) console.log(JSON.stringify({ rule, what, outcome, items }));
  else console.log(`${outcome === "reported" ? "broken" : outcome} (${rule}): ${what}`);
}

async function opened(options: VerifyProgramOptions, closers: Closers): Promise<number> {
  const location = await openStorage(options.storage, closers);
  await requireTable(location);
  const connection = connectTo(location, { open: connectBySdk });
  const { configuration } = options;
  const pending = pendingOf(location, configuration);
  const runtime = localRuntime({ connection, configuration, pending });
  // Unless it is to be repaired a table is only read: an older release must be able to go back to its backup.
  if (options.repair) {
    await upgradeAtStart(location, runtime, { asked: false, tell: console.error });
    await removeLeftAttempts(location, connection, runtime);
  }
  return verify(options, location, runtime);
}

process.exit(
  await runCommand("verify", async (closers) => {
    const options = parseVerifyOptions(process.argv.slice(2), process.env);
    if (options !== undefined) return opened(options, closers);
    process.stdout.write(VERIFY_HELP);
    return 0;
  }),
);
