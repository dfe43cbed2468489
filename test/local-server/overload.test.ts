/** What the local server cannot hold is refused quickly, and the rest is served. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { Policy } from "../../lib/api/policy.ts";
import type { Runtime } from "../../lib/api/runtime.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import type { Limits } from "../../lib/local/limits.ts";
import { noauthIdentity } from "../../lib/local/noauth-identity.ts";
import { type LocalServer, startServer } from "../../lib/local/server.ts";
import { type Api, startApi } from "../support/api.ts";
import { type HttpAnswer, HttpClient } from "../support/http-client.ts";
import { interpose } from "../support/interpose.ts";
import { until } from "../support/until.ts";
import { claimBody, makeProvider, readUsages, statuses } from "../support/world.ts";

const runtime: Runtime = {
  openStore: () => ({}) as never,
  identify: noauthIdentity,
  configuration: DEFAULT_CONFIGURATION,
  clock: systemClock,
  random: systemRandom,
  policy: new Policy("secure"),
  log: () => undefined,
};

/** Holds every request until it is opened. */
class Gate {
  entered = 0;
  readonly #waiting: (() => void)[] = [];
  #isOpen = false;

  async pass(): Promise<void> {
    this.entered += 1;
    if (!this.#isOpen) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  open(): void {
    this.#isOpen = true;
    for (const resolve of this.#waiting) resolve();
  }
}

/** A server whose one operation waits at `gate`. */
async function gated(gate: Gate, limits: Partial<Limits>) {
  const operation = defineOperation({
    id: "test/gate",
    summary: "Wait",
    route: "PUT /gate",
    since: "1.0",
    access: [],
    refusals: [],
    run: async () => {
      await gate.pass();
      return { status: 200, body: {} };
    },
  });
  const parts = { operations: [operation], fallback: operation, runtime, port: 0, limits };
  const server = await startServer(parts);
  const http = new HttpClient(server.url);
  const send = (body?: Uint8Array): Promise<HttpAnswer> =>
    http.send({
      method: "PUT",
      path: "/gate",
      headers: { "x-auth-token": "admin", "content-type": "application/json" },
      ...(body === undefined ? {} : { body }),
    });
  const close = async () => {
    gate.open();
    http.close();
    await server.close();
  };
  return { send, close };
}

function expectRefusal(answer: HttpAnswer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers["retry-after"]).toBe("1");
  expect(answer.body.errors[0]).toMatchObject({ status: 503, title: "Service Unavailable" });
  expect(answer.body.errors[0].detail).toContain("nothing was written");
}

describe("a server that is full", () => {
  it("refuses what is beyond while the others still run, and answers these", async () => {
    const gate = new Gate();
    const { send, close } = await gated(gate, { running: 2, waiting: 3, waitTimeout: 60_000 });
    const held: Promise<HttpAnswer>[] = [];
    const answers = Array.from({ length: 50 }, () => send());
    const refused = await new Promise<HttpAnswer[]>((resolve) => {
      const found: HttpAnswer[] = [];
      for (const answer of answers) {
        held.push(answer);
        void answer.then((each) => {
          if (each.status === 503) found.push(each);
          if (found.length === 45) resolve(found);
        });
      }
    });
    expect(gate.entered).toBe(2);
    refused.forEach(expectRefusal);
    gate.open();
    expect(statuses(await Promise.all(held))).toEqual({ 200: 5, 503: 45 });
    expect(gate.entered).toBe(5);
    expect((await send()).status).toBe(200);
    await close();
  });

  it("lets nobody wait for longer than its limit", async () => {
    const gate = new Gate();
    const { send, close } = await gated(gate, { running: 1, waiting: 5, waitTimeout: 20 });
    const first = send();
    await until("the first runs", () => (gate.entered === 1 ? true : undefined));
    const waited = await Promise.all([send(), send()]);
    waited.forEach(expectRefusal);
    gate.open();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
    await close();
  });

  it("holds only so many bytes of bodies at once", async () => {
    const gate = new Gate();
    const { send, close } = await gated(gate, { heldBytes: 100_000, running: 1 });
    const body = Buffer.alloc(60_000, " ");
    const first = send(body);
    await until("the first runs", () => (gate.entered === 1 ? true : undefined));
    expectRefusal(await send(body));
    gate.open();
    expect((await first).status).toBe(200);
    expect((await send(body)).status).toBe(200);
    await close();
  });
});

describe("the whole API under more requests than it holds", () => {
  let api: Api;
  let server: LocalServer;
  /** Holds the calls of DynamoDB, so that requests pile up however fast they are served. */
  let gate: Gate | undefined;

  beforeAll(async () => {
    api = await startApi({
      connection: (connection) =>
        interpose(connection, async (call) => {
          await gate?.pass();
          return call.send();
        }),
    });
    const limits = { running: 4, waiting: 40 };
    const { runtime: own } = api;
    server = await startServer({
      operations,
      fallback: refuseUnrouted,
      runtime: own,
      port: 0,
      limits,
    });
  });
  afterAll(async () => {
    await server.close();
    await api.close();
  });

  it("does what it acknowledges and nothing of what it refuses", async () => {
    const provider = await makeProvider(api, { VCPU: 10_000 });
    const http = new HttpClient(server.url);
    const put = () =>
      http.send({
        method: "PUT",
        path: `/allocations/${randomUUID()}`,
        headers: {
          "x-auth-token": "admin",
          "content-type": "application/json",
          "openstack-api-version": "placement 1.39",
        },
        body: JSON.stringify(claimBody({ [provider]: { VCPU: 1 } }, null)),
      });
    const held = new Gate();
    gate = held;
    let refusedSoFar = 0;
    const sent = Array.from({ length: 600 }, async () => {
      const answer = await put();
      if (answer.status === 503) refusedSoFar += 1;
      return answer;
    });
    await until("requests are refused", () => (refusedSoFar > 0 ? true : undefined));
    held.open();
    const answers = await Promise.all(sent);
    const { 204: done = 0, 503: refused = 0, ...others } = statuses(answers);
    expect(others).toEqual({});
    expect(done).toBeGreaterThanOrEqual(44);
    expect(refused).toBeGreaterThan(0);
    answers.filter(({ status }) => status === 503).forEach(expectRefusal);
    expect(await readUsages(api, provider)).toEqual({ VCPU: done });
    expect((await put()).status).toBe(204);
    http.close();
  });
});
