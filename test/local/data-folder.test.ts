import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
    await expect(openDataFolder(folder)).rejects.toThrow(`process number ${process.pid}`);
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
