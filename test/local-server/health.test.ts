/** `/healthz` and `/readyz`, which need no token and are no part of the API. */
import { afterEach, describe, expect, it } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import type { Log } from "../../lib/api/runtime.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { connectTo } from "../../lib/local/connections.ts";
import { localRuntime } from "../../lib/local/runtime.ts";
import { type LocalServer, type ServerParts, startServer } from "../../lib/local/server.ts";
import type { Item } from "../../lib/store/table/item.ts";
import { testEndpoint } from "../support/engine.ts";
import { useApi } from "../support/frame.ts";
import { HttpClient } from "../support/http-client.ts";
import { interpose } from "../support/interpose.ts";

const api = useApi();

interface World {
  /** What stands for the format in the table; default: what is stored. */
  meta?: () => Promise<Item>;
  /** Reads of the table. */
  reads: number;
}

const opened: { readonly server: LocalServer; readonly http: HttpClient }[] = [];

afterEach(async () => {
  for (const { server, http } of opened.splice(0)) {
    http.close();
    await server.close();
  }
});

/** A server of its own on the table of `api`. */
async function serve(world: World, more: Partial<ServerParts> = {}, log: Log = () => undefined) {
  const location = { endpoint: testEndpoint(), tableName: api.tableName, words: "" };
  const connection = interpose(connectTo({ ...location, engine: undefined }), async (call) => {
    world.reads += 1;
    return world.meta === undefined ? call.send() : { Item: await world.meta() };
  });
  // Time stands still, so that no answer of the table is too old.
  const clock = { ...systemClock, now: () => 1_000_000 };
  const runtime = localRuntime({ connection, configuration: DEFAULT_CONFIGURATION, log, clock });
  const parts = { operations, fallback: refuseUnrouted, runtime, port: 0, ...more };
  const server = await startServer(parts);
  const http = new HttpClient(server.url);
  opened.push({ server, http });
  const send = (path: string, method = "GET", headers = {}) => http.send({ method, path, headers });
  return { server, send };
}

const ALIVE = { status: 200, body: { status: "alive" } };
const READY = { status: 200, body: { status: "ready" } };

describe("health checks", () => {
  it("need no token, no version and no allowed host", async () => {
    const { send } = await serve({ reads: 0 });
    expect(await send("/healthz")).toMatchObject(ALIVE);
    expect(await send("/readyz")).toMatchObject(READY);
    expect(await send("/readyz?verbose", "GET", { host: "10.1.2.3:8778" })).toMatchObject(READY);
    expect(await send("/readyz", "HEAD")).toMatchObject({ status: 200, body: "" });
    expect((await send("/readyz")).headers).toMatchObject({ "cache-control": "no-store" });
  });

  it("are answered at the root, whatever the base path is, and nowhere else", async () => {
    const mount = { basePath: "/placement", trustsForwarded: false };
    const { send } = await serve({ reads: 0 }, { mount });
    expect(await send("/healthz")).toMatchObject(ALIVE);
    expect(await send("/readyz")).toMatchObject(READY);
    const token = { "x-auth-token": "admin" };
    for (const path of ["/placement/healthz", "/healthz/", "/Healthz", "/readyz/x"]) {
      expect([path, (await send(path, "GET", token)).status]).toEqual([path, 404]);
    }
  });

  it("leave other methods to Placement's own answers", async () => {
    const { send } = await serve({ reads: 0 });
    const token = { "x-auth-token": "admin" };
    for (const method of ["POST", "PUT", "DELETE"]) {
      const answer = await send("/healthz", method, token);
      expect(answer).toMatchObject({ status: 404, body: { errors: [{ status: 404 }] } });
    }
  });

  it("wait for no turn, and no request holds them up", async () => {
    const limits = { running: 0, waiting: 0 };
    const { send } = await serve({ reads: 0 }, { limits });
    expect((await send("/", "GET")).status).toBe(503);
    expect(await send("/healthz")).toMatchObject(ALIVE);
    expect(await send("/readyz")).toMatchObject(READY);
  });

  it("are lines of level DEBUG alone", async () => {
    const lines: unknown[] = [];
    const { send } = await serve({ reads: 0 }, {}, (entry) => lines.push(entry));
    await send("/readyz");
    expect(lines).toEqual([
      { level: "DEBUG", message: "health check", path: "/readyz", status: 200 },
    ]);
  });
});

describe("a server is not ready", () => {
  const notReady = (reason: string) => ({ status: 503, body: { status: "not ready", reason } });

  it("while its table does not answer, and is alive", async () => {
    const fail = async () => {
      throw Object.assign(new Error("refused"), { $metadata: { httpStatusCode: 400 } });
    };
    const { send } = await serve({ reads: 0, meta: fail });
    expect(await send("/readyz")).toMatchObject(notReady("the table cannot be used"));
    expect(await send("/healthz")).toMatchObject(ALIVE);
  });

  it("while the table has a format that it does not know", async () => {
    const meta = async () => ({ pk: "META#TABLE", sk: "#", format: 99 });
    const { send } = await serve({ reads: 0, meta });
    const { status, body } = await send("/readyz");
    expect(status).toBe(503);
    expect(body.reason).toMatch(/^The table has format 99 and this release knows format \d+/);
  });

  it("and says so without asking the table for each question", async () => {
    const world: World = { reads: 0 };
    const { send } = await serve(world);
    await Promise.all(Array.from({ length: 20 }, () => send("/readyz")));
    expect(world.reads).toBe(1);
  });

  it("while it stops, although it is alive until the last answer", async () => {
    const limits = { idleTimeout: 60_000, closeTimeout: 120_000 };
    const { server, send } = await serve({ reads: 0 }, { limits });
    const [first, second] = await Promise.all([send("/healthz"), send("/healthz")]);
    expect([first, second]).toMatchObject([ALIVE, ALIVE]);
    // Both connections are kept open: each can ask once more.
    const closed = server.close();
    const answers = await Promise.all([send("/healthz"), send("/readyz")]);
    expect(answers).toMatchObject([ALIVE, notReady("the server is stopping")]);
    expect(answers.map(({ headers }) => headers.connection)).toEqual(["close", "close"]);
    await expect(send("/healthz")).rejects.toThrow("ECONNREFUSED");
    expect(await closed).toBe(0);
  });
});
