/** `npm run load`: an empty table gets the content of a dump. */
import { FORMAT } from "../store/items/table-format.ts";
import { checkDump, itemsIn } from "../store/maintenance/dump/check-dump.ts";
import { LoadRefused, loadTable } from "../store/maintenance/dump/load-table.ts";
import { isCompressed, readLines } from "./dump-file.ts";
import { LOAD_HELP, type LoadProgramOptions, parseLoadOptions } from "./dump-options.ts";
import { StartFailure } from "./start-failure.ts";
import { type Closers, openStorage, requireTable } from "./storage.ts";
import { clientConfig, ensureTable } from "./table.ts";
import { opener, progressLine, runCommand, runtimeOf } from "./whole-table.ts";

/** @throws StartFailure for a file that is no whole dump, or of a format that is not known */
async function check(from: string) {
  const lines = () => readLines(from, isCompressed(from));
  try {
    const { head, end } = await checkDump(lines());
    if ((head.format ?? 1) <= FORMAT) return { end, items: () => itemsIn(lines()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(`${from} is no dump that can be loaded: ${reason}`);
  }
  throw new StartFailure(`${from} has a newer format than this release knows`);
}

async function load(options: LoadProgramOptions, closers: Closers): Promise<number> {
  const { end, items } = await check(options.from);
  const location = await openStorage(options.storage, closers);
  const { endpoint, tableName, engine } = location;
  // A table elsewhere is not made here: it has settings that this command does not know.
  if (engine === undefined) await requireTable(location);
  else await ensureTable(clientConfig(endpoint, process.env), tableName);
  const runtime = runtimeOf(options, location);
  const tell = progressLine(() => runtime.clock.now());
  const loaded = await loadTable({
    open: opener(runtime),
    sha256: end.sha256,
    items: items(),
    known: engine === undefined,
    progress: (count) => tell(`${count} of ${end.items} items loaded`),
  });
  console.log(`${loaded} items of ${options.from} in ${location.words}`);
  return 0;
}

process.exit(
  await runCommand(
    "load",
    async (closers) => {
      const options = parseLoadOptions(process.argv.slice(2), process.env);
      if (options !== undefined) return load(options, closers);
      process.stdout.write(LOAD_HELP);
      return 0;
    },
    [LoadRefused],
  ),
);
