/**
 * A disk that is full, under load: once by a limit on the size of the engine's files, once as a
 * file system without room, where the test may mount one.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chance } from "../support/chance.ts";
import { command, SOUND } from "../support/commands.ts";
import { engineBelow, Program } from "../support/program.ts";
import { makeProvider } from "../support/world.ts";
import { Writers, withRequester } from "../support/writers.ts";

const CLIENTS = 4;
const LONG = 120_000;

/** A way to fill the disk. */
interface Disk {
  readonly possible: () => boolean;
  readonly mount?: (folder: string) => void;
  readonly unmount?: (folder: string) => void;
  readonly fill: (program: Program, folder: string) => void;
  readonly free: (program: Program, folder: string) => void;
}

const limitFiles = ({ child }: Program, bytes: string) =>
  execFileSync("prlimit", [
    `--pid=${engineBelow(child.pid ?? 0).pid}`,
    `--fsize=${bytes}:unlimited`,
  ]);

const ballast = (folder: string) => join(folder, "..", "ballast");

const DISKS: Readonly<Record<string, Disk>> = {
  "a limit on the size of files": {
    possible: () => true,
    fill: (program) => limitFiles(program, "4096"),
    free: (program) => limitFiles(program, "unlimited"),
  },
  "a file system without room": {
    possible: () => process.getuid?.() === 0,
    mount: (folder) => execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "none", folder]),
    unmount: (folder) => execFileSync("umount", ["--lazy", folder]),
    fill: (_program, folder) => {
      try {
        for (let part = 0; part < 24 * 256; part += 1) {
          appendFileSync(ballast(folder), Buffer.alloc(4_096));
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "ENOSPC" });
        return;
      }
      throw new Error("the file system has room for more than its size");
    },
    free: (_program, folder) => rmSync(ballast(folder)),
  },
};

const running: Program[] = [];
let root = "";
let data = "";

function start(): Program {
  const program = new Program({ args: ["--data", data, "--port", "0"] });
  running.push(program);
  return program;
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "placement-"));
  data = join(root, "data");
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop("SIGKILL")));
});

const cases = process.platform === "linux" ? Object.entries(DISKS) : [];

describe.each(cases)("%s", (_name, disk) => {
  beforeEach(() => disk.mount?.(root));
  afterEach(async () => {
    disk.unmount?.(root);
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it.skipIf(!disk.possible())(
    "has writes refused and reads answered, until there is room again; nothing is lost",
    async () => {
      let program = start();
      let url = await program.ready();
      const writers = await Writers.on(url, chance("a full disk"), 3);
      const consistent = async () => expect(await writers.contradictions(url)).toEqual([]);
      const more = (count: number) => {
        const enough = writers.acknowledged + count;
        return writers.write(url, CLIENTS, () => writers.acknowledged >= enough);
      };
      await more(100);
      disk.fill(program, data);

      // What has room in the engine's files is still written, the rest is refused, and at once.
      const refused = writers.refused + 50;
      await writers.write(url, CLIENTS, () => writers.refused >= refused);
      await consistent();
      await withRequester(url, async ({ request }) => {
        const answer = await request("POST", "/resource_providers", { body: { name: "other" } });
        expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
        expect(answer.body.errors[0].detail).toContain(
          "The disk of the server is full or fails; nothing",
        );
        const { body } = await request("GET", "/resource_providers");
        expect(body.resource_providers).toHaveLength(3);
        expect(await request("GET", "/readyz")).toMatchObject({ status: 200 });
      });
      expect(program.stdout).toContain("the engine cannot write to its disk");

      disk.free(program, data);
      await more(100);
      await consistent();
      await withRequester(url, (requester) => makeProvider(requester, { VCPU: 1 }));
      expect(program.stdout).toContain("the engine can write to its disk again");

      disk.fill(program, data);
      const refusedAgain = writers.refused + 20;
      await writers.write(url, CLIENTS, () => writers.refused >= refusedAgain);
      await program.stop("SIGKILL");
      // There is no room for its lock.
      if (disk.mount !== undefined) disk.free(program, data);
      program = start();
      url = await program.ready();
      await consistent();
      expect(writers.unanswered).toEqual([]);
      expect(await program.stop()).toBe(0);

      expect(await command("verify", "--data", data)).toMatchObject(SOUND);
    },
    LONG,
  );
});
