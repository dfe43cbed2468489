/** `npm run backup` while the server runs, and backups that are killed. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chance } from "../support/chance.ts";
import { command, SOUND, startCommand } from "../support/commands.ts";
import { useDataFolders } from "../support/data-folders.ts";
import { descendants, isAlive } from "../support/program.ts";
import { until } from "../support/until.ts";
import { Writers } from "../support/writers.ts";

const CLIENTS = 4;
const LONG = 180_000;

const { inRoot, serve, watched } = useDataFolders();

const exists = (path: string) => stat(path).catch(() => undefined);

describe("a backup", () => {
  it(
    "under load is of one moment, with all that was acknowledged before it began",
    async () => {
      const [data, to] = [inRoot("data"), inRoot("backups/first")];
      const url = await serve(data).ready();
      const writers = await Writers.on(url, chance("backup"), 3);
      let done = false;
      const written = writers.write(url, CLIENTS, () => done);
      await until("they write", () => (writers.acknowledged > 200 ? true : undefined), LONG);
      writers.mark();
      const ended = await command("backup", "--data", data, "--to", to);
      const whole = { status: 0, stdout: `folder ${data} is backed up in folder ${to}\n` };
      expect(ended).toEqual({ ...whole, stderr: "" });
      const atEnd = writers.acknowledged;
      await until("they still write", () => (writers.acknowledged > atEnd + 50 ? true : undefined));
      done = true;
      await written;
      expect(writers.unanswered).toEqual([]);
      expect(writers.refused).toBe(0);

      expect(await command("verify", "--data", to)).toMatchObject(SOUND);
      const copy = await serve(to).ready();
      expect(await writers.contradictions(copy, "since")).toEqual([]);
      // The original was neither held up nor changed, and nothing is left in it.
      expect(await writers.contradictions(url)).toEqual([]);
      expect(await readdir(data)).not.toContain(".dynoxide");
      expect(await readdir(inRoot("backups"))).toEqual(["first"]);
      expect((await stat(to)).mode & 0o777).toBe(0o700);
    },
    LONG,
  );

  it.each([
    ["format.json", "its format is not known yet"],
    ["unfinished.db", "the engine copies"],
    ["placement.db", "the copy is opened"],
  ])(
    "that is killed when %s is there (%s) leaves none, and the next one is whole",
    async (name) => {
      const [data, to, part] = [inRoot("data"), inRoot("copy"), inRoot(".copy.unfinished")];
      const url = await serve(data).ready();
      const writers = await Writers.on(url, chance("killed backup"), 2);
      await writers.write(url, CLIENTS, () => writers.acknowledged > 100);
      const program = watched(startCommand("backup", "--data", data, "--to", to));
      await until(
        "it has come so far",
        async () => (((await exists(join(part, name))) ?? (await exists(to))) ? true : undefined),
        LONG,
      );
      const below = descendants(program.child.pid ?? 0);
      const ended = await program.stop("SIGKILL");
      await until("its engine is gone", () => (below.some(isAlive) ? undefined : true));
      if ((await exists(to)) === undefined) {
        expect(ended).toBe("SIGKILL");
        const refused = serve(part);
        expect(await refused.ended).toBe(1);
        expect(refused.stderr).toMatch(/format\.json is not|is in use/);
        expect((await command("backup", "--data", data, "--to", to)).status).toBe(0);
      }
      expect(await exists(part)).toBe(undefined);
      expect(await readdir(data)).not.toContain(".dynoxide");
      expect(await command("verify", "--data", to)).toMatchObject(SOUND);
      expect(await writers.contradictions(await serve(to).ready())).toEqual([]);
    },
    LONG,
  );
});
