import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataFolder } from "../../lib/local/data-folder.ts";
import { ownIdentity } from "../../lib/local/process-identity.ts";

let folder = "";
const lock = () => join(folder, "lock.json");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "placement-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the data folder", () => {
  it("is made, with its format, and free again after its release", async () => {
    const inner = join(folder, "a", "b");
    const opened = await openDataFolder(inner);
    expect(opened.file).toBe(join(inner, "placement.db"));
    expect(JSON.parse(await readFile(join(inner, "format.json"), "utf8"))).toEqual({ format: 1 });
    await opened.release();
    expect(await readdir(inner)).toEqual(["format.json"]);
  });

  it("belongs to one server", async () => {
    const opened = await openDataFolder(folder);
    await expect(openDataFolder(folder)).rejects.toThrow(`process id ${process.pid}`);
    await opened.release();
    await (await openDataFolder(folder)).release();
  });

  it("has one winner when many want it at once", async () => {
    await writeFile(lock(), JSON.stringify({ pid: 2 ** 30, started: null }));
    const wanted = await Promise.allSettled(
      Array.from({ length: 8 }, () => openDataFolder(folder)),
    );
    expect(wanted.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await readdir(folder)).sort()).toEqual(["format.json", "lock.json"]);
  });

  it.each([
    ["of a process that is gone", { pid: 2 ** 30, started: null }],
    ["of an earlier process of the same number", { pid: process.pid, started: "earlier" }],
    ["that nobody can read", "nonsense"],
  ])("is taken over from a lock %s", async (_what, content) => {
    await writeFile(lock(), JSON.stringify(content));
    await openDataFolder(folder);
    expect(JSON.parse(await readFile(lock(), "utf8"))).toEqual(ownIdentity());
  });

  it("is not locked by a start that fails", async () => {
    await writeFile(join(folder, "format.json"), '{"format":99}');
    await expect(openDataFolder(folder)).rejects.toThrow("newer version");
    expect(await readdir(folder)).toEqual(["format.json"]);
  });

  it("cannot be where something else is", async () => {
    await mkdir(lock());
    await expect(openDataFolder(folder)).rejects.toThrow(/cannot be used|in use/);
  });
});

describe.skipIf(process.platform === "win32")("the modes of the data folder", () => {
  const modeOf = async (...path: string[]) => (await stat(join(folder, ...path))).mode & 0o7777;
  const FILES = ["format.json", "placement.db", "placement.db-wal", "placement.db-shm"];

  it("are for this user alone from the beginning, and of its own folder only", async () => {
    const opened = await openDataFolder(join(folder, "above", "data"));
    expect(await modeOf("above", "data")).toBe(0o700);
    expect(await modeOf("above")).toBe(0o777 & ~process.umask());
    for (const name of ["format.json", "lock.json"]) {
      expect(await modeOf("above", "data", name)).toBe(0o600);
    }
    await opened.release();
  });

  /** As an earlier version left it behind. */
  async function widen(): Promise<void> {
    await (await openDataFolder(folder)).release();
    for (const name of FILES.slice(1)) await writeFile(join(folder, name), "");
    for (const name of FILES) await chmod(join(folder, name), 0o664);
    await chmod(folder, 0o775);
  }

  it("are tightened where they are wider", async () => {
    await widen();
    await (await openDataFolder(folder)).release();
    expect(await modeOf()).toBe(0o700);
    for (const name of FILES) expect(await modeOf(name)).toBe(0o600);
  });

  it("are those of the folder that a symbolic link names", async () => {
    await mkdir(join(folder, "real"), { mode: 0o755 });
    await symlink("real", join(folder, "link"));
    await (await openDataFolder(join(folder, "link"))).release();
    expect(await modeOf("real")).toBe(0o700);
    expect(await modeOf("real", "format.json")).toBe(0o600);
  });

  it("of a file elsewhere are not changed by a link to it", async () => {
    const data = join(folder, "data");
    await (await openDataFolder(data)).release();
    await writeFile(join(folder, "theirs"), "", { mode: 0o644 });
    await symlink("../theirs", join(data, "placement.db"));
    await expect(openDataFolder(data)).rejects.toThrow("placement.db is a symbolic link");
    expect(await modeOf("theirs")).toBe(0o644);
    expect((await readdir(data)).sort()).toEqual(["format.json", "placement.db"]);
  });

  it("of a folder with other things in it are not ours to change", async () => {
    await writeFile(join(folder, "letter.txt"), "");
    await chmod(folder, 0o755);
    await expect(openDataFolder(folder)).rejects.toThrow("contains other files ('letter.txt')");
    expect(await modeOf()).toBe(0o755);
    expect(await readdir(folder)).toEqual(["letter.txt"]);
    await chmod(folder, 0o700);
    await (await openDataFolder(folder)).release();
  });

  it("of a folder that everybody may write to, as /tmp, are not ours to change", async () => {
    await chmod(folder, 0o1777);
    await expect(openDataFolder(folder)).rejects.toThrow("open to other users");
    expect(await modeOf()).toBe(0o1777);
  });
});
