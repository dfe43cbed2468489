/** A folder that only its owner can access. Windows has no such modes: nothing is changed there. */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartFailure } from "./start-failure.ts";

const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
/** The permissions of group and others. */
const OTHERS = 0o077;
/** Everyone may create files there, as in /tmp. */
const STICKY = 0o1000;

const HAS_MODES = process.getuid !== undefined;

/**
 * Creates the folder if it is absent, and removes the permissions of other users. If the
 * path is a symbolic link, this applies to the folder itself.
 * @param isExpected whether a file name is no sign of another use of the folder
 * @throws StartFailure if the folder has another use or owner; the system's errors
 */
export async function makePrivateFolder(
  folder: string,
  isExpected: (name: string) => boolean,
): Promise<void> {
  await mkdir(dirname(resolve(folder)), { recursive: true });
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  if (!HAS_MODES) return;
  // One handle: the folder that is checked is the one that is changed, even if it is renamed.
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const { mode, uid } = await handle.stat();
    if ((mode & OTHERS) === 0) return;
    const foreign = (await readdir(folder)).find((name) => !isExpected(name));
    if ((mode & STICKY) !== 0 || foreign !== undefined) throw shared(folder, foreign);
    await close(handle, FOLDER_MODE, () => shared(folder, undefined), uid);
  } finally {
    await handle.close();
  }
}

/**
 * Removes the permissions of other users from our files.
 * @throws StartFailure if one is a symbolic link; the system's errors
 */
export async function makePrivateFiles(
  folder: string,
  isOwn: (name: string) => boolean,
): Promise<void> {
  if (!HAS_MODES) return;
  for (const name of (await readdir(folder)).filter(isOwn)) {
    await makePrivateFile(join(folder, name));
  }
}

async function makePrivateFile(path: string): Promise<void> {
  let handle: FileHandle;
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    if (codeOf(error) !== "ELOOP") throw error;
    throw new StartFailure(
      `${path} is a symbolic link: replace it with the file itself, or choose the folder of that file with --data`,
    );
  }
  try {
    const file = await handle.stat();
    const refusal = () => new StartFailure(`${path} belongs to another user: change its owner`);
    if (file.isFile() && (file.mode & OTHERS) !== 0) {
      await close(handle, FILE_MODE, refusal, file.uid);
    }
  } finally {
    await handle.close();
  }
}

/** File systems without modes refuse the change even to the owner, who can do nothing about it. */
async function close(
  handle: FileHandle,
  mode: number,
  refusal: () => StartFailure,
  owner: number,
): Promise<void> {
  try {
    await handle.chmod(mode);
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
    if (owner !== process.getuid?.()) throw refusal();
  }
}

function shared(folder: string, foreign: string | undefined): StartFailure {
  const why = foreign === undefined ? "" : ` and contains other files ('${foreign}')`;
  return new StartFailure(
    `the data folder ${folder} is open to other users${why}: choose a separate folder with --data, or restrict it with chmod 700`,
  );
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
