/** Answers of DynamoDB that stop on their way: every request is answered within its time. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { httpEvent } from "../../lib/local/http-event.ts";
import { clientConfig } from "../../lib/local/table.ts";
import { META_KEY } from "../../lib/store/items/table-format.ts";
import { connectBySdk } from "../../lib/store/table/sdk-client.ts";
import type { Access } from "../../lib/store/table/wire/access.ts";
import { connect } from "../../lib/store/table/wire/client.ts";
import { type Api, startApi } from "../support/api.ts";
import { testEndpoint } from "../support/engine.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { PLACES, type Stalling, startStalling } from "../support/stalling.ts";
import { claim, claimBody, detailOf, makeProvider, readUsages } from "../support/world.ts";

/** Milliseconds of a request, and of appends to shard logs after a commit. */
const LIMIT = 24_000;
const APPEND_LIMIT = 2_000;
let sound: Api;
let api: Api;
let stalling: Stalling;
let clock: FastClock;
let provider: string;
const warnings: string[] = [];
const listen = (warning: Error) => warnings.push(warning.message);

beforeAll(async () => {
  process.on("warning", listen);
  sound = await startApi();
  stalling = await startStalling(testEndpoint());
  clock = fastClock();
  api = await startApi({
    tableName: sound.tableName,
    clock,
    connection: ({ tableName }) =>
      connect(tableName, clientConfig(stalling.endpoint, {}), systemClock),
  });
  provider = await makeProvider(sound, { VCPU: 1_000 });
});
afterEach(async () => {
  stalling.stall(undefined);
  expect(brokenInvariants(await sound.items())).toEqual([]);
});
afterAll(async () => {
  await api.close();
  await sound.close();
  await stalling.close();
  process.off("warning", listen);
  expect(warnings.filter((text) => text.includes("leak"))).toEqual([]);
});

/** Rings for every answer that stops, until the request itself is answered. */
async function waitedOut<T>(request: Promise<T>): Promise<{ answer: T; took: number }> {
  const before = clock.slept;
  const answered = request.then(() => "answered" as const);
  for (;;) {
    if ((await Promise.race([answered, stalling.stopped()])) === "answered") break;
    clock.ring();
  }
  const took = Math.floor(clock.slept - before);
  // Calls beside the one that ended the request end by their own time.
  while (clock.timers > 0) clock.ring();
  return { answer: await request, took };
}

const claimOne = () => claim(api, randomUUID(), { [provider]: { VCPU: 1 } });

function expectBusy(answer: HttpAnswer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(503);
  expect(answer.headers["retry-after"]).toBe("1");
}

describe.each(PLACES)("an answer that stops %s", (place) => {
  test("always: the outcome of a write is told as unknown, in time", async () => {
    const { VCPU: used = 0 } = await readUsages(sound, provider);
    const calls = stalling.calls.length;
    stalling.stall(place, ["TransactWriteItems"]);
    const { answer, took } = await waitedOut(claimOne());
    expect(answer.status).toBe(503);
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(detailOf(answer)).toContain("whether it was applied is unknown");
    expect(took).toBeLessThanOrEqual(LIMIT);
    const sent = stalling.calls.slice(calls).filter((name) => name === "TransactWriteItems");
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(await readUsages(sound, provider)).toEqual({ VCPU: used + 1 });
  });

  test("once: a write is sent again, and done once", async () => {
    const { VCPU: used = 0 } = await readUsages(sound, provider);
    stalling.stall(place, ["TransactWriteItems"], 1);
    const { answer } = await waitedOut(claimOne());
    expect(answer.status).toBe(204);
    expect(await readUsages(sound, provider)).toEqual({ VCPU: used + 1 });
  });

  test.each([
    ["GetItem", () => `/resource_providers/${provider}/usages`],
    ["Query", () => `/resource_providers/${provider}/allocations`],
    ["BatchGetItem", () => `/resource_providers/${provider}`],
    ["Query and BatchGetItem", () => "/resource_providers"],
  ])("always: a read by %s is 503 that may be repeated, in time", async (names, path) => {
    stalling.stall(place, names.split(" and "));
    const { answer, took } = await waitedOut(api.request("GET", path()));
    expectBusy(answer);
    expect(took).toBeLessThanOrEqual(LIMIT);
  });

  test("at the append: the write is done, and delayed by two seconds at most", async () => {
    const { VCPU: used = 0 } = await readUsages(sound, provider);
    const logged = api.logs.length;
    stalling.stall(place, ["UpdateItem"]);
    const { answer, took } = await waitedOut(claimOne());
    expect(answer.status).toBe(204);
    expect(took).toBeLessThanOrEqual(APPEND_LIMIT);
    expect(api.logs.slice(logged)).toContainEqual(
      expect.objectContaining({ metric: "HeadNotRaised" }),
    );
    expect(await readUsages(sound, provider)).toEqual({ VCPU: used + 1 });
  });

  test("ends its connection", async () => {
    stalling.stall(place, ["TransactWriteItems"], 1);
    await waitedOut(claimOne());
    await expect.poll(() => stalling.held).toBe(0);
  });
});

describe("a function to which Lambda leaves five seconds", () => {
  const context = { ...lambdaContext("http"), getRemainingTimeInMillis: () => 5_000 };
  const silent = async () => {
    const server = await startApi({
      tableName: sound.tableName,
      clock,
      connection: (connection) => interpose(connection, ({ signal }) => never(signal)),
    });
    return server;
  };
  /** As a connection that is never made: nothing comes back until it is given up. */
  const given: AbortSignal[] = [];
  const never = (signal: AbortSignal | undefined) => {
    if (signal !== undefined) given.push(signal);
    setImmediate(() => clock.ring());
    return new Promise(() => {});
  };
  const send = async (server: Api, method: string, target: string, sent?: unknown) => {
    const { event, operation } = httpEvent(
      operations,
      {
        method,
        target,
        httpVersion: "1.1",
        rawHeaders: Object.entries({
          "x-auth-token": "admin",
          "openstack-api-version": "placement 1.39",
          ...(sent === undefined ? {} : { "content-type": "application/json" }),
        }).flat(),
        sourceIp: "127.0.0.1",
        localPort: 1,
        body: Buffer.from(sent === undefined ? "" : JSON.stringify(sent)),
      },
      clock.now(),
    );
    return lambda(operation as AnyOperation, async () => server.runtime)(event, context);
  };

  test("a read and a write are answered in three, and all calls are given up", async () => {
    const server = await silent();
    const body = claimBody({ [provider]: { VCPU: 1 } }, null);
    for (const [method, path, sent] of [
      ["GET", "/resource_providers", undefined],
      ["PUT", `/allocations/${randomUUID()}`, body],
    ] as const) {
      const before = clock.slept;
      expect(await send(server, method, path, sent)).toMatchObject({ statusCode: 503 });
      expect(Math.floor(clock.slept - before)).toBeLessThanOrEqual(3_000);
    }
    expect(given.length).toBeGreaterThan(0);
    expect(given.every(({ aborted }) => aborted)).toBe(true);
    expect(clock.timers).toBe(0);
    await server.close();
  });

  test("a task ends in three", async () => {
    const server = await silent();
    const before = clock.slept;
    const run = taskLambda(finishChanges, async () => server.runtime)({}, context);
    await expect(run).rejects.toThrow("busy");
    expect(Math.floor(clock.slept - before)).toBeLessThanOrEqual(3_000);
    await server.close();
  });
});

test.each([
  ["the SDK", connectBySdk],
  ["a function", (name: string, access: Access) => connect(name, access, systemClock)],
])("%s sends a request once: trying again is the store's", async (_, connecting) => {
  let requests = 0;
  const broken = createServer((_, response) => {
    requests += 1;
    response.writeHead(500).end("{}");
  });
  broken.listen(0, "127.0.0.1");
  await once(broken, "listening");
  const { port } = broken.address() as AddressInfo;
  const access = clientConfig(`http://127.0.0.1:${port}`, {});
  const { client, tableName } = connecting("table", access);
  const get = client.send("GetItem", { TableName: tableName, Key: META_KEY });
  await expect(get).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(requests).toBe(1);
  client.destroy();
  broken.closeAllConnections();
  broken.close();
});
