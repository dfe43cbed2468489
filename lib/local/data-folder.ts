/** The data folder of a server. One server uses it at a time. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseJson, readIfPresent, takeLock } from "./folder-lock.ts";
import { FILE_MODE, makePrivateFiles, makePrivateFolder } from "./private-folder.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";

/** The format of the folder's content. Newer versions of this program may write a greater one. */
export const DATA_FORMAT = 1;

/** Names of the files in it. */
const OWN = /^(format\.json|lock(\.json|-[\w-]+)|placement\.db(-\w+)?)$/;
const isOwn = (name: string) => OWN.test(name);
/** A file system may have this one at its root. */
const isExpected = (name: string) => isOwn(name) || ["lost+found", SNAPSHOTS].includes(name);

/** The folder below which the engine writes snapshots; it exists while a backup is made. */
export const SNAPSHOTS = ".dynoxide";

/** The engine's file in a data folder. */
export const tableFile = (folder: string): string => join(folder, "placement.db");

const formatSchema = z.object({ format: z.number().int().min(1) });

export interface DataFolder {
  /** The engine's file. */
  readonly file: string;
  /** Lets another server use the folder. */
  release(): Promise<void>;
}

/**
 * Creates the folder if it is absent, closes it to other users, and locks it for this process.
 * @throws StartFailure if another server has it, its format is newer, or it cannot be used
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await makePrivateFolder(folder, isExpected);
    const lock = await takeLock(folder);
    try {
      await makePrivateFiles(folder, isOwn);
      await checkFormat(folder);
    } catch (error) {
      await lock.release();
      throw error;
    }
    return {
      file: tableFile(folder),
      release: () => lock.release(),
    };
  } catch (error) {
    if (error instanceof StartFailure) throw error;
    throw new StartFailure(
      `the data folder ${folder} cannot be used (${reasonOf(error)}): make it writable or choose another folder with --data`,
    );
  }
}

/** The file that holds the format of a data folder. */
export const formatFile = (folder: string): string => join(folder, "format.json");

async function checkFormat(folder: string): Promise<void> {
  if ((await knownFormat(folder)) === undefined) {
    const text = `${JSON.stringify({ format: DATA_FORMAT })}\n`;
    await writeFile(formatFile(folder), text, { mode: FILE_MODE });
  }
}

/**
 * The format of a folder's content; undefined if it has none yet.
 * @throws StartFailure if this program does not know it; the system's errors
 */
export async function knownFormat(folder: string): Promise<number | undefined> {
  const path = formatFile(folder);
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  const parsed = formatSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new StartFailure(
      `${path} is not {"format": NUMBER}: restore it or choose another folder with --data`,
    );
  }
  if (parsed.data.format > DATA_FORMAT) {
    throw new StartFailure(
      `the data folder ${folder} has format ${parsed.data.format} and this version reads up to ${DATA_FORMAT}: use the newer version of this program or choose another folder with --data`,
    );
  }
  return parsed.data.format;
}
