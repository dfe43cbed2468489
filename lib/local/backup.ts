/** `npm run backup`: a copy of a data folder, also while its server runs. */
import { chmod, lstat, mkdir, rename, rm, rmdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beginEpoch } from "../store/maintenance/begin-epoch.ts";
import { type BackupFolder, beginBackupFolder } from "./backup-folder.ts";
import { BACKUP_HELP, type BackupOptions, parseBackupOptions } from "./backup-options.ts";
import { knownFormat, SNAPSHOTS, tableFile } from "./data-folder.ts";
import { dynoxide, findEngine, startEngine } from "./engine.ts";
import { copyEngineFile } from "./engine-snapshot.ts";
import { takeLock } from "./folder-lock.ts";
import { FILE_MODE } from "./private-folder.ts";
import { DEFAULT_TABLE } from "./settings.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";
import { type Closers, requireTable } from "./storage.ts";
import { opener, runCommand, runtimeOf } from "./whole-table.ts";

/** The copy, until it was opened once. */
const COPY = "unfinished";

async function backup(options: BackupOptions, closers: Closers): Promise<number> {
  const { data, to } = options;
  const program = findEngine(process.env);
  await knownFormat(data);
  const folder = await beginBackupFolder(to);
  closers.push(() => folder.discard());
  await copyInto(folder, data, program);
  await makeOwn(folder, options, program);
  await folder.publish();
  console.log(`folder ${data} is backed up in folder ${to}`);
  return 0;
}

/**
 * The engine writes snapshots below the folder of its file: a link leads them into the backup, so
 * that they take no room beside the data.
 */
async function copyInto({ path }: BackupFolder, data: string, program: string): Promise<void> {
  const base = join(data, SNAPSHOTS);
  await mkdir(base, { recursive: true, mode: 0o700 });
  const lock = await takeLock(base).catch((error: unknown) => {
    if (!(error instanceof StartFailure)) throw error;
    throw new StartFailure(`another backup of ${data} is running`);
  });
  const link = join(base, "snapshots");
  try {
    if (!(await clearLink(link))) {
      throw new StartFailure(`${link} has snapshots of somebody else: move them away`);
    }
    await symlink(path, link);
    await copyEngineFile(program, tableFile(data), COPY);
  } finally {
    await clearLink(link);
    await lock.release();
    await rmdir(base).catch(() => undefined);
  }
}

/**
 * Removes the link, or the folder that the engine of a killed backup has made where there was
 * none yet, with what it has copied.
 * @returns false: there is something else, which stays
 */
async function clearLink(link: string): Promise<boolean> {
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined) return true;
  if (!found.isDirectory()) {
    await rm(link);
    return true;
  }
  await rm(join(link, `${COPY}.db`), { force: true });
  return rmdir(link).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the copy a table of its own, which can be opened: both may be written from now on, and
 * generations and ids may occur in both.
 */
async function makeOwn(
  { path }: BackupFolder,
  options: BackupOptions,
  program: string,
): Promise<void> {
  const file = tableFile(path);
  await rename(join(path, `${COPY}.db`), file);
  await chmod(file, FILE_MODE);
  const engine = await startEngine(dynoxide(program, file));
  try {
    const words = `folder ${options.to}`;
    const location = { endpoint: engine.endpoint, tableName: DEFAULT_TABLE, words, engine };
    await requireTable(location);
    await beginEpoch(opener(runtimeOf(options, location))());
  } finally {
    await engine.stop();
  }
}

process.exit(
  await runCommand("backup", async (closers) => {
    const options = parseBackupOptions(process.argv.slice(2), process.env);
    if (options === undefined) {
      process.stdout.write(BACKUP_HELP);
      return 0;
    }
    try {
      return await backup(options, closers);
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      throw new StartFailure(
        `${options.data} cannot be copied to ${options.to} (${reasonOf(error)}): run the backup as the user of the server, where both can be written`,
      );
    }
  }),
);
