import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEngine } from "../../lib/local/engine.ts";
import { accepts } from "../../lib/local/ports.ts";
import { clientConfig } from "../../lib/local/table.ts";
import { testEndpoint } from "../support/engine.ts";
import { HttpClient } from "../support/http-client.ts";
import {
  descendants,
  engineBelow,
  isAlive,
  Program,
  type ProgramOptions,
} from "../support/program.ts";
import { until } from "../support/until.ts";

const BUNDLE = fileURLToPath(new URL("../../dist/local/main.mjs", import.meta.url));

const running: Program[] = [];
let folder = "";

function run(options: ProgramOptions): Program {
  const program = new Program({ cwd: folder, ...options });
  running.push(program);
  return program;
}

async function get(url: string, path: string, more: Readonly<Record<string, string>> = {}) {
  const http = new HttpClient(url);
  try {
    const version = "placement 1.39";
    const headers = { "x-auth-token": "admin", "openstack-api-version": version, ...more };
    return await http.send({ method: "GET", path, headers });
  } finally {
    http.close();
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "placement-"));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop("SIGKILL")));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe("npm start", () => {
  it("serves from the moment that it says so, and ends cleanly", async () => {
    const program = run({ args: ["--memory", "--port", "0"] });
    const url = await program.ready();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await get(url, "/")).status).toBe(200);
    expect((await get(url, "/nothing")).status).toBe(404);
    expect(program.stdout).toContain("memory");
    expect(await program.stop("SIGTERM")).toBe(0);
    expect(program.stderr).toBe("");
    expect(await readdir(folder)).toEqual([]);
  });

  it("ends on SIGINT too", async () => {
    const program = run({ args: ["--memory"], environment: { PORT: "0" } });
    await program.ready();
    expect(await program.stop("SIGINT")).toBe(0);
  });

  it("keeps its data in .placement of the current folder unless told otherwise", async () => {
    const program = run({ args: ["--port", "0"] });
    await program.ready();
    expect(await readdir(join(folder, ".placement"))).toContain("placement.db");
    expect(program.stdout).toContain(".placement");
    await program.stop();
  });

  it.skipIf(process.platform !== "linux")(
    "finds its data again after a restart, and after being killed",
    async () => {
      const data = join(folder, "data");
      const created: unknown[] = [];
      for (const signal of ["SIGTERM", "SIGKILL", "SIGTERM"] as const) {
        const program = run({ args: ["--data", data, "--port", "0"] });
        await program.ready();
        created.push(await creationOfTable(program));
        await program.stop(signal);
      }
      expect(created[0]).toBeInstanceOf(Date);
      expect(created).toEqual([created[0], created[0], created[0]]);
      expect(JSON.parse(await readFile(join(data, "format.json"), "utf8"))).toEqual({ format: 1 });
      expect(await readdir(data)).not.toContain("lock.json");
    },
  );

  it("uses the DynamoDB that DYNAMODB_ENDPOINT names, and leaves it running", async () => {
    const endpoint = testEndpoint();
    const tableName = `elsewhere-${process.pid}`;
    const environment = { DYNAMODB_ENDPOINT: endpoint, TABLE_NAME: tableName, PORT: "0" };
    const program = run({ environment });
    const url = await program.ready();
    expect((await get(url, "/")).status).toBe(200);
    expect(await program.stop()).toBe(0);
    const client = new DynamoDBClient(clientConfig(endpoint, {}));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    expect(Table).toMatchObject({ TableStatus: "ACTIVE" });
    client.destroy();
  });

  it("answers requests for its own names and for those that are allowed", async () => {
    const statusOf = async (url: string, host: string) => (await get(url, "/", { host })).status;
    const plain = await run({ args: ["--memory", "--port", "0"] }).ready();
    const flags = ["--allow-host", "a.example", "--allow-host", "b.example"];
    const flagged = await run({ args: ["--memory", "--port", "0", ...flags] }).ready();
    const environment = { PLACEMENT_ALLOWED_HOSTS: "a.example,b.example" };
    const set = await run({ args: ["--memory", "--port", "0"], environment }).ready();
    for (const [url, named] of [
      [plain, 421],
      [flagged, 200],
      [set, 200],
    ] as const) {
      expect(await statusOf(url, new URL(url).host)).toBe(200);
      expect(await statusOf(url, "localhost")).toBe(200);
      expect(await statusOf(url, "a.example")).toBe(named);
      expect(await statusOf(url, "B.example:8778")).toBe(named);
      expect(await statusOf(url, "evil.example")).toBe(421);
    }
  });

  it("answers pages of its own and of origins that are allowed", async () => {
    const environment = { PLACEMENT_CORS_ORIGINS: "https://a.example" };
    const url = await run({ args: ["--memory", "--port", "0"], environment }).ready();
    for (const [origin, status] of [
      [url, 200],
      ["https://a.example", 200],
      ["https://b.example", 403],
      ["null", 403],
    ] as const) {
      expect((await get(url, "/resource_providers", { origin })).status).toBe(status);
    }
  });

  it.skipIf(process.platform === "win32")(
    "keeps its data for its user alone, the engine's files too",
    async () => {
      const data = join(folder, "data");
      const modes = async () => {
        const names = (await readdir(data)).sort();
        const each = await Promise.all(names.map((name) => stat(join(data, name))));
        return names.map((name, index) => [name, (each[index]?.mode ?? 0) & 0o777]);
      };
      const expected = [
        ...["format.json", "lock.json"],
        ...["placement.db", "placement.db-shm", "placement.db-wal"],
      ].map((name) => [name, 0o600]);
      for (let start = 0; start < 2; start += 1) {
        const program = run({ args: ["--data", data, "--port", "0"] });
        await program.ready();
        expect((await stat(data)).mode & 0o777).toBe(0o700);
        expect(await modes()).toEqual(expected);
        await program.stop("SIGKILL");
        // As an earlier version left them.
        await chmod(data, 0o755);
        for (const name of await readdir(data)) await chmod(join(data, name), 0o644);
      }
    },
  );

  it("prints its options", async () => {
    const program = run({ args: ["--help"] });
    expect(await program.ended).toBe(0);
    expect(program.stdout).toContain("--memory");
  });
});

describe.skipIf(process.platform !== "linux")("the engine of npm start", () => {
  it("ends with a server that is killed", async () => {
    const program = run({ args: ["--memory", "--port", "0"] });
    await program.ready();
    const processes = descendants(program.child.pid ?? 0);
    expect(processes.length).toBeGreaterThan(0);
    expect(await program.stop("SIGKILL")).toBe("SIGKILL");
    await until("all are gone", () => (processes.some(isAlive) ? undefined : true), 2_000);
  });

  it("ends with a server that is asked to end", async () => {
    const program = run({ args: ["--memory", "--port", "0"] });
    await program.ready();
    const processes = descendants(program.child.pid ?? 0);
    expect(await program.stop("SIGTERM")).toBe(0);
    await until("all are gone", () => (processes.some(isAlive) ? undefined : true), 2_000);
  });

  it("listens on another address each time, and not on 127.0.0.1", async () => {
    const hosts = new Set<string>();
    for (let start = 0; start < 3; start += 1) {
      const program = run({ args: ["--memory", "--port", "0"] });
      await program.ready();
      const { hostname, port } = new URL(engineBelow(program.child.pid ?? 0).endpoint);
      expect(hostname).toMatch(/^127\.(?!0\.0\.)/);
      expect(await accepts({ host: hostname, port: Number(port) })).toBe(true);
      expect(await accepts({ host: "127.0.0.1", port: Number(port) })).toBe(false);
      hosts.add(hostname);
    }
    expect(hosts.size).toBe(3);
  });

  it("takes the server with it if it ends first", async () => {
    const program = run({ args: ["--memory", "--port", "0"] });
    await program.ready();
    process.kill(engineBelow(program.child.pid ?? 0).pid, "SIGKILL");
    expect(await program.ended).toBe(1);
    expect(program.stderr).toMatch(/^placement: the DynamoDB engine ended .*\n$/);
  });
});

describe("npm start refuses in one line", () => {
  async function refusal(options: ProgramOptions): Promise<string> {
    const program = run(options);
    expect(await program.ended).toBeGreaterThan(0);
    expect(program.stderr).toMatch(/^placement: [^\n]+\n$/);
    expect(program.stdout).toBe("");
    return program.stderr;
  }

  it.each([
    [["--bogus"], {}, "--bogus"],
    [["--port", "many"], {}, "whole number"],
    [[], { PLACEMENT_POLICY: "lax" }, "PLACEMENT_POLICY"],
    [[], { DYNAMODB_ENDPOINT: "http://127.0.0.1:1" }, "check DYNAMODB_ENDPOINT"],
  ])("%j with %j", async (args, environment, words) => {
    expect(await refusal({ args, environment })).toContain(words);
  });

  it("a port that is taken", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", () => resolve()));
    const { port } = holder.address() as { port: number };
    const words = await refusal({ args: ["--memory", "--port", String(port)] });
    expect(words).toContain(`port ${port} is in use`);
    expect(words).toContain("--port");
    holder.close();
  });

  it("a data folder of a newer format", async () => {
    await writeFile(join(folder, "format.json"), '{"format":2}');
    const words = await refusal({ args: ["--data", folder, "--port", "0"] });
    expect(words).toContain("format 2");
    expect(await readdir(folder)).toEqual(["format.json"]);
  });

  it("a data folder whose format nobody can read", async () => {
    await writeFile(join(folder, "format.json"), "nonsense");
    expect(await refusal({ args: ["--data", folder, "--port", "0"] })).toContain("format.json");
  });

  it("a data folder that is a file", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    expect(await refusal({ args: ["--data", file, "--port", "0"] })).toContain("--data");
  });

  it("a database that is none", async () => {
    await writeFile(join(folder, "placement.db"), "nonsense".repeat(1_000));
    expect(await refusal({ args: ["--data", folder, "--port", "0"] })).toContain("engine");
  });

  it("a data folder that another server uses", async () => {
    const first = run({ args: ["--data", folder, "--port", "0"] });
    const url = await first.ready();
    const words = await refusal({ args: ["--data", folder, "--port", "0"] });
    expect(words).toContain(`in use by the server with process id ${first.child.pid}`);
    expect((await get(url, "/")).status).toBe(200);
  });

  it("a machine without an engine, and finds one on PATH", async () => {
    expect(await run({ args: ["--help"] }).ended).toBe(0);
    const script = join(folder, "main.mjs");
    await copyFile(BUNDLE, script);
    const args = ["--memory", "--port", "0"];
    const words = await refusal({ script, args, environment: { PATH: folder } });
    for (const way of ["npm package @dynoxide/", "PATH", "DYNAMODB_ENDPOINT"]) {
      expect(words).toContain(way);
    }
    const PATH = dirname(findEngine(process.env));
    expect(await run({ script, args, environment: { PATH } }).ready()).toContain("http:");
  });
});

async function creationOfTable(program: Program): Promise<Date | undefined> {
  const { endpoint } = engineBelow(program.child.pid ?? 0);
  const client = new DynamoDBClient(clientConfig(endpoint, {}));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: "placement" }));
  client.destroy();
  return Table?.CreationDateTime;
}
