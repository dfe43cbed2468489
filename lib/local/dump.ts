/** `npm run dump`: a whole table as lines of JSON. */
import { randomBytes } from "node:crypto";
import { dumpTable } from "../store/maintenance/dump/dump-table.ts";
import { Pseudonyms } from "../store/maintenance/dump/pseudonyms.ts";
import { TornDump } from "../store/maintenance/dump/torn.ts";
import { DumpFile } from "./dump-file.ts";
import { DUMP_HELP, type DumpProgramOptions, parseDumpOptions } from "./dump-options.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";
import { type Closers, openStorage, requireTable } from "./storage.ts";
import { opener, progressLine, runCommand, runtimeOf } from "./whole-table.ts";

async function dump(options: DumpProgramOptions, closers: Closers): Promise<number> {
  const location = await openStorage(options.storage, closers);
  await requireTable(location);
  const runtime = runtimeOf(options, location);
  const file = new DumpFile(options.to);
  const tell = progressLine(() => runtime.clock.now());
  try {
    const { items, unreadable } = await dumpTable({
      open: opener(runtime),
      target: file,
      pseudonyms: options.secret === undefined ? undefined : new Pseudonyms(options.secret),
      inUse: location.engine === undefined,
      progress: (count, reading) => tell(`${count} items read, ${reading} reading`),
    });
    await file.complete();
    for (const { pk, sk } of unreadable) {
      process.stderr.write(`left out, since it cannot be read: ${pk} ${sk}\n`);
    }
    console.log(`${items} items of ${location.words} in ${options.to}`);
    return 0;
  } catch (error) {
    await file.discard();
    if (error instanceof TornDump) return torn(error, location.words);
    if (error instanceof Error && "syscall" in error) {
      throw new StartFailure(`${options.to} cannot be written (${reasonOf(error)})`);
    }
    throw error;
  }
}

function torn({ torn: items }: TornDump, words: string): number {
  for (const { key, how } of items) process.stderr.write(`${how}: ${key.pk} ${key.sk}\n`);
  process.stderr.write(
    `dump: ${words} was written while it was read: stop its callers, or dump a restored copy\n`,
  );
  return 1;
}

process.exit(
  await runCommand("dump", async (closers) => {
    const secret = () => randomBytes(32).toString("hex");
    const options = parseDumpOptions(process.argv.slice(2), process.env, secret);
    if (options !== undefined) return dump(options, closers);
    process.stdout.write(DUMP_HELP);
    return 0;
  }),
);
