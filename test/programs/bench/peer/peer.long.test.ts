/** `npm run bench -- --peer` plays every scene; a server of ours is the peer. */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Program } from "../../../support/program.ts";
import { SCENES } from "./main.ts";

const run = promisify(execFile);
const BENCH = "test/programs/bench/main.ts";
const PROGRAM = fileURLToPath(new URL("../../../../scripts/run-program.mjs", import.meta.url));
const TIMEOUT = 240_000;

const bench = (...args: string[]) => run(process.execPath, [PROGRAM, BENCH, ...args]);

test(
  "every operation is measured on both sides, without an error, and the targets are judged",
  async () => {
    const peer = new Program({ args: ["--port", "0", "--memory"] });
    try {
      const { stdout } = await bench("--peer", await peer.ready(), "--quick", "--seed", "1");
      const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
      for (const { operations } of SCENES) {
        for (const { name } of operations) {
          const of = rows.map(cellsOf).filter(([first]) => first === name);
          expect([name, of.length]).toEqual([name, 1]);
          for (const cells of of) expect([name, cells.at(-1)]).toEqual([name, "0"]);
        }
      }
      expect(stdout).not.toMatch(/NaN|undefined|Infinity|none/);
      expect(stdout).toMatch(/\d+ of \d+ targets are met/);
      await expect(bench("--peer", await peer.ready(), "--quick")).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining("start it with an empty database"),
      });
    } finally {
      await peer.stop();
    }
  },
  TIMEOUT,
);

test(
  "a peer that fails, and arguments that make no sense, end the program with the reason",
  async () => {
    const broken = createServer((_, response) => response.writeHead(503).end("out of order"));
    await new Promise<void>((resolve) => broken.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
      await expect(bench("--peer", url, "--quick")).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining("503 instead of 200: out of order"),
      });
      await expect(bench("--peer", url, "--only", "speed")).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining("there are claims, one-provider"),
      });
    } finally {
      broken.close();
    }
  },
  TIMEOUT,
);

function cellsOf(row: string): string[] {
  return row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}
