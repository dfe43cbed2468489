/** `npm run backup` of a stopped server, and what it refuses. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copyEngineFile } from "../../lib/local/engine-snapshot.ts";
import { chance } from "../support/chance.ts";
import { command } from "../support/commands.ts";
import { useDataFolders } from "../support/data-folders.ts";
import { isAlive, Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { Writers } from "../support/writers.ts";

const CLIENTS = 4;
const LONG = 180_000;

const { inRoot, serve, watched } = useDataFolders();

describe("a backup", () => {
  it(
    "of a stopped server is the same table, in an epoch of its own",
    async () => {
      const [data, to] = [inRoot("data"), inRoot("copy")];
      const program = serve(data);
      const url = await program.ready();
      const writers = await Writers.on(url, chance("backup"), 2);
      await writers.write(url, CLIENTS, () => writers.acknowledged > 100);
      await program.stop();
      await mkdir(to);
      expect(await command("backup", "--data", data, "--to", to)).toMatchObject({ status: 0 });
      const lines = async (folder: string) => {
        const file = `${folder}.jsonl`;
        expect((await command("dump", "--data", folder, "--to", file)).status).toBe(0);
        const items = (await readFile(file, "utf8")).split("\n").slice(1, -2);
        // Every process that writes leaves some, which the next one removes.
        return items.filter((line) => JSON.parse(line).pk.S !== "ATTEMPTS");
      };
      const [before, after] = [new Set(await lines(data)), await lines(to)];
      const changed = after.filter((line) => !before.has(line));
      const keys = changed.map((line) => JSON.parse(line).pk.S);
      expect(keys.filter((pk) => !/^(META|LOG)#/.test(pk))).toEqual([]);
      expect(changed.filter((line) => /"epoch"/.test(line))).toHaveLength(1);
      expect(after).toHaveLength(before.size);
    },
    LONG,
  );
});

describe("a backup is refused", () => {
  it(
    "in one line, for arguments and folders that do not fit",
    async () => {
      const [data, full] = [inRoot("data"), inRoot("full")];
      const program = serve(data);
      await program.ready();
      await program.stop();
      await mkdir(full);
      await writeFile(join(full, "other"), "");
      await writeFile(inRoot("file"), "");
      for (const [args, status, words] of [
        [["--data", data], 2, "--to FOLDER"],
        [["--data", inRoot("none"), "--to", inRoot("copy")], 2, "there is no data folder"],
        [["--data", full, "--to", inRoot("copy")], 2, "names no folder with the data of a server"],
        [["--data", data, "--to", join(data, "copy")], 2, "must not be inside"],
        [["--data", data, "--to", full], 1, "is not empty"],
        [["--data", data, "--to", inRoot("file")], 1, "is no folder"],
      ] as const) {
        const ended = await command("backup", ...args);
        expect([ended.status, ended.stdout]).toEqual([status, ""]);
        expect(ended.stderr).toMatch(/^backup: [^\n]+\n$/);
        expect(ended.stderr).toContain(words);
      }
      expect((await readdir(inRoot())).sort()).toEqual(["data", "file", "full"]);
      expect(await readdir(full)).toEqual(["other"]);
      expect(await readdir(data)).not.toContain(".dynoxide");
    },
    LONG,
  );
});

describe("the engine of a backup", () => {
  it(
    "ends with the backup, however that ends",
    async () => {
      const [engine, said] = [inRoot("engine"), inRoot("pid")];
      // Reads nothing, as one that is busy with a copy.
      await writeFile(engine, `#!/bin/sh\necho $$ > '${said}'\nexec sleep 600\n`, { mode: 0o700 });
      const args = ["test/local-server/copy-program.ts", engine, inRoot("placement.db")];
      const backup = watched(new Program({ script: "scripts/run-program.mjs", args }));
      const pid = await until("the engine runs", async () => {
        return Number(await readFile(said, "utf8").catch(() => "")) || undefined;
      });
      expect(isAlive(pid)).toBe(true);
      expect(await backup.stop("SIGKILL")).toBe("SIGKILL");
      await until("the engine is gone", () => (isAlive(pid) ? undefined : true));
    },
    LONG,
  );

  it(
    "tells why it ends without a copy",
    async () => {
      const [engine, file] = [inRoot("engine"), inRoot("placement.db")];
      const failing = async (text: string) => {
        await writeFile(engine, `#!/bin/sh\n${text}\n`, { mode: 0o700 });
        return copyEngineFile(engine, file, "copy");
      };
      const words = (reason: string) => `the DynamoDB engine cannot copy ${file}: ${reason}`;
      await expect(failing("exit 3")).rejects.toThrow(words("it exited with status 3"));
      await expect(failing("echo error: no >&2; exit 1")).rejects.toThrow(words("error: no"));
      const answer = JSON.stringify({ id: 2, error: { message: "full" } });
      await expect(failing(`echo '${answer}'; sleep 600`)).rejects.toThrow(words("full"));
      await expect(copyEngineFile(inRoot("none"), file, "copy")).rejects.toThrow("status 127");
    },
    LONG,
  );
});

describe("a backup beside snapshots of the engine", () => {
  it(
    "begins anew where the engine of a killed one has made its folder after all",
    async () => {
      const [data, to] = [inRoot("data"), inRoot("copy")];
      const program = serve(data);
      await program.ready();
      await program.stop();
      const left = join(data, ".dynoxide", "snapshots");
      await mkdir(left, { recursive: true });
      await writeFile(join(left, "unfinished.db"), "half");
      expect(await command("backup", "--data", data, "--to", to)).toMatchObject({ status: 0 });
      expect(await readdir(data)).not.toContain(".dynoxide");
    },
    LONG,
  );

  it(
    "leaves snapshots alone that are not its own, and says so",
    async () => {
      const [data, to] = [inRoot("data"), inRoot("copy")];
      const program = serve(data);
      await program.ready();
      await program.stop();
      const others = join(data, ".dynoxide", "snapshots");
      await mkdir(others, { recursive: true });
      await writeFile(join(others, "mine.db"), "");
      const ended = await command("backup", "--data", data, "--to", to);
      expect([ended.status, ended.stdout]).toEqual([1, ""]);
      expect(ended.stderr).toContain("has snapshots of somebody else");
      expect(await readdir(others)).toEqual(["mine.db"]);
    },
    LONG,
  );
});
