/** `npm start` that is told to stop, under load. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chance } from "../support/chance.ts";
import { HttpClient } from "../support/http-client.ts";
import { engineBelow, isAlive, Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { Writers } from "../support/writers.ts";

const CLIENTS = 8;
const LONG = 120_000;

const running: Program[] = [];
let data = "";

function start(environment: Readonly<Record<string, string>> = {}): Program {
  const level = { PLACEMENT_LOG_LEVEL: "INFO" };
  const args = ["--data", data, "--port", "0"];
  const program = new Program({ args, environment: { ...level, ...environment } });
  running.push(program);
  return program;
}

/** The last line of the log about the end. */
const lastLine = ({ stdout }: Program) => JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "placement-"));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop("SIGKILL")));
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

describe("SIGTERM under load", () => {
  it(
    "ends with every answer given, none lost, and nobody else let in",
    async () => {
      const program = start();
      const url = await program.ready();
      const writers = await Writers.on(url, chance("SIGTERM"), 4);
      const written = writers.write(url, CLIENTS);
      await until("they write", () => (writers.acknowledged > 100 ? true : undefined), LONG);
      expect(await program.stop("SIGTERM")).toBe(0);
      await written;

      // Each client was told with an answer that its connection ends, and could not open another.
      expect(writers.closing).toBe(CLIENTS);
      expect(writers.unanswered).toHaveLength(CLIENTS);
      for (const { code, reused } of writers.unanswered) {
        expect(["ECONNREFUSED", "ECONNRESET"]).toContain(code);
        expect(reused).toBe(false);
      }
      expect(lastLine(program)).toEqual({ level: "INFO", message: "stopped" });
      expect(program.stderr).toBe("");
      expect(await readdir(data)).not.toContain("lock.json");

      const again = await start().ready();
      expect(await writers.contradictions(again)).toEqual([]);
    },
    LONG,
  );
});

describe.skipIf(process.platform !== "linux")("a request that does not end", () => {
  /** A server with a request that waits for an engine that stands still. */
  async function stuck(environment: Readonly<Record<string, string>>) {
    const program = start(environment);
    const url = await program.ready();
    const engine = engineBelow(program.child.pid ?? 0);
    process.kill(engine.pid, "SIGSTOP");
    const http = new HttpClient(url);
    const headers = { "x-auth-token": "admin" };
    const answer = http.send({ method: "GET", path: "/resource_providers", headers });
    const failed = answer.catch((error: unknown) => error);
    // It has begun as soon as another one on a connection of its own was answered.
    const alive = new HttpClient(url);
    expect((await alive.send({ method: "GET", path: "/healthz" })).status).toBe(200);
    alive.close();
    return { program, failed, close: () => http.close() };
  }

  it(
    "is cut off at the end of the grace period",
    async () => {
      const { program, failed, close } = await stuck({ PLACEMENT_GRACE_PERIOD: "1" });
      expect(await program.stop("SIGTERM")).toBe(0);
      expect(lastLine(program)).toMatchObject({ level: "WARN", cut: 1 });
      expect(await failed).toBeInstanceOf(Error);
      close();
    },
    LONG,
  );

  it(
    "is not waited for after a second signal",
    async () => {
      const { program, failed, close } = await stuck({ PLACEMENT_GRACE_PERIOD: "3600" });
      const { pid } = engineBelow(program.child.pid ?? 0);
      program.child.kill("SIGTERM");
      await until("it stops", () => (/"stopping"/.test(program.stdout) ? true : undefined));
      expect(program.child.exitCode).toBe(null);
      let status: number | string | undefined;
      void program.ended.then((ended) => {
        status = ended;
      });
      // The first ones may come so early that they count as one with the first.
      await until("it has ended", () => {
        program.child.kill("SIGTERM");
        return status;
      });
      expect(status).toBe(128 + 15);
      expect(await failed).toBeInstanceOf(Error);
      await until("its engine is gone", () => (isAlive(pid) ? undefined : true));
      close();
    },
    LONG,
  );
});
