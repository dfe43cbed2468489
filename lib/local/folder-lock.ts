/** A lock on a folder. It ends with the process that holds it. */
import { createHash, randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { FILE_MODE } from "./private-folder.ts";
import { isRunning, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { StartFailure } from "./start-failure.ts";

const ATTEMPTS = 20;

const identitySchema = z.object({
  pid: z.number().int().positive(),
  started: z.string().nullable(),
});

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process.
 * @throws StartFailure if a running process has it
 */
export async function takeLock(folder: string): Promise<FolderLock> {
  const lock = join(folder, "lock.json");
  // A linked file is complete from the moment it is visible.
  const own = join(folder, `lock-${randomUUID()}`);
  await writeFile(own, JSON.stringify(ownIdentity()), { mode: FILE_MODE });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await linked(own, lock)) return { release: () => rm(lock, { force: true }) };
      await removeStale({ folder, lock, own });
    }
    throw inUse(folder);
  } finally {
    await rm(own, { force: true });
  }
}

interface Paths {
  readonly folder: string;
  readonly lock: string;
  readonly own: string;
}

/**
 * Removes the lock of a process that has exited. Before it removes a lock, a process
 * takes the one marker for the lock's content and reads the lock again, so that it
 * does not remove the new lock of a faster process.
 */
async function removeStale({ folder, lock, own }: Paths): Promise<void> {
  const seen = await readIfPresent(lock);
  if (seen === undefined) return;
  const holder = holderOf(seen);
  if (holder !== undefined && isRunning(holder)) throw inUse(folder, holder.pid);
  const digest = createHash("sha256").update(seen).digest("hex").slice(0, 16);
  const marker = join(folder, `lock-stale-${digest}`);
  if (await linked(own, marker)) {
    if ((await readIfPresent(lock)) === seen) await rm(lock, { force: true });
    await rm(marker, { force: true });
    return;
  }
  const remover = holderOf((await readIfPresent(marker)) ?? "");
  if (remover === undefined || !isRunning(remover)) await rm(marker, { force: true });
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(text: string): ProcessIdentity | undefined {
  return identitySchema.safeParse(parseJson(text)).data;
}

function inUse(folder: string, pid?: number): StartFailure {
  const holder = pid === undefined ? "another server" : `the server with process id ${pid}`;
  return new StartFailure(
    `the data folder ${folder} is in use by ${holder}: stop it or choose another folder with --data`,
  );
}

/** The file's text; undefined if there is none. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Undefined if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
