/**
 * The folder of a backup. It is made beside its place, under a hidden name and so that no program
 * opens it, and gets its name when it is whole: what is cut off leaves no backup.
 */
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DATA_FORMAT, formatFile } from "./data-folder.ts";
import { takeLock } from "./folder-lock.ts";
import { FILE_MODE, makePrivateFolder } from "./private-folder.ts";
import { StartFailure } from "./start-failure.ts";

/** A server refuses a folder whose format it cannot read. */
const UNFINISHED = `${JSON.stringify({ unfinishedBackup: true })}\n`;

export interface BackupFolder {
  /** The folder until it has its name; absolute. */
  readonly path: string;
  /** Gives the folder its name, once everything in it is on the disk. */
  publish(): Promise<void>;
  /** Removes it, unless it was published. */
  discard(): Promise<void>;
}

/**
 * Takes the place `to`, which must be free: absent, or an empty folder.
 * @throws StartFailure; the system's errors
 */
export async function beginBackupFolder(to: string): Promise<BackupFolder> {
  const target = resolve(to);
  await refuseContent(target, to);
  const path = join(dirname(target), `.${basename(target)}.unfinished`);
  await makePrivateFolder(path, () => true);
  const lock = await lockOrRefuse(path, to);
  // What an earlier backup has left, which was cut off.
  for (const name of await readdir(path)) {
    if (name !== "lock.json") await rm(join(path, name), { recursive: true, force: true });
  }
  await writeFile(formatFile(path), UNFINISHED, { mode: FILE_MODE });
  let published = false;
  return {
    path,
    publish: async () => {
      await refuseContent(target, to);
      for (const name of await readdir(path)) await sync(join(path, name));
      await writeFile(formatFile(path), `${JSON.stringify({ format: DATA_FORMAT })}\n`);
      await sync(formatFile(path));
      await lock.release();
      await sync(path);
      await rename(path, target);
      published = true;
      await sync(dirname(target));
    },
    discard: async () => {
      if (!published) await rm(path, { recursive: true, force: true });
    },
  };
}

async function refuseContent(target: string, to: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const content = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new StartFailure(`${to} is no folder: name another --to`);
    throw error;
  });
  if (content.length > 0) throw new StartFailure(`the folder ${to} is not empty: name a new one`);
}

async function lockOrRefuse(path: string, to: string) {
  return takeLock(path).catch((error: unknown) => {
    if (!(error instanceof StartFailure)) throw error;
    throw new StartFailure(`another backup to ${to} is running`);
  });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
