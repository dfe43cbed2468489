/**
 * The examples run: over HTTP against the server, directly by the handlers. `app.ts` runs in
 * test/package, as an app of its own.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { main as claimByQuery } from "../../examples/claim-by-query.ts";
import { handlerOf } from "../../examples/claim-from-lambda.ts";
import { main as claimWithKeystone } from "../../examples/claim-with-keystone.ts";
import { main as claimWithSigV4 } from "../../examples/claim-with-sigv4.ts";
import { main as emptyDeadHost } from "../../examples/empty-dead-host.ts";
import { main as followEvents } from "../../examples/follow-events.ts";
import { main as holdWhile } from "../../examples/lease.ts";
import { main as move } from "../../examples/move.ts";
import { main as release } from "../../examples/release.ts";
import { main as whoHeldIt } from "../../examples/who-held-it.ts";
import { operations } from "../../functions/index.ts";
import { type Fetch, platformFetch } from "../../lib/client/platform.ts";
import { lambdaOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";
import { claim, makeProvider, readClaim } from "../support/world.ts";

const api = useApi({ events: "fed" });
let stub: StubKeystone;
let host: string;
let server: string;

beforeAll(async () => {
  stub = await startStubKeystone(() => undefined);
  host = await makeProvider(api, { VCPU: 8, MEMORY_MB: 16_384 });
});
afterAll(() => stub.close());
beforeEach(() => {
  server = randomUUID();
});

/** The server of the tests, which knows neither signatures nor tokens of Keystone. */
const asAdmin: Fetch = (url, init) => {
  const headers = new Headers(init.headers);
  headers.set("x-auth-token", "admin");
  return platformFetch(url, { ...init, headers });
};

const held = async (consumer: string) => (await readClaim(api, consumer))?.held;
const TWO = { VCPU: 2, MEMORY_MB: 512 };

test("a claim with SigV4", async () => {
  const aws = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  await claimWithSigV4({ PLACEMENT_URL: api.url, HOST: host, SERVER: server, ...aws }, asAdmin);
  expect(await held(server)).toEqual({ [host]: TWO });
});

test("a claim with Keystone, which finds its host and is made once", async () => {
  const environment = {
    ...STUB_CREDENTIAL,
    OS_AUTH_URL: stub.url,
    PLACEMENT_URL: api.url,
    SERVER: server,
  };
  const fetch: Fetch = (url, init) =>
    url.startsWith(stub.url) ? platformFetch(url, init) : asAdmin(url, init);
  const wanted = await claimWithKeystone(environment, fetch);
  expect(await held(server)).toEqual(wanted?.allocations);
  expect(await claimWithKeystone(environment, fetch)).toBeUndefined();
});

test("a claim by direct invocation, granted or refused", async () => {
  const handler = handlerOf(lambdaOf(api, "placement", operations), "placement");
  expect(await handler({ server, host, VCPU: 1 })).toEqual({ claimed: true });
  expect(await held(server)).toEqual({ [host]: { VCPU: 1 } });
  const refused = await handler({ server: randomUUID(), host, VCPU: 100 });
  expect(refused).toEqual({ claimed: false, reason: expect.stringContaining("the capacity") });
});

test("a claim by query for two servers, and once more without room", async () => {
  const servers = [randomUUID(), randomUUID()];
  const asked = ([SERVER_A, SERVER_B]: readonly (string | undefined)[]) =>
    claimByQuery({ PLACEMENT_URL: api.url, SERVER_A, SERVER_B });
  // Of the other one, the examples before have left one place.
  await makeProvider(api, { VCPU: 4, MEMORY_MB: 1_024 });
  const hosts = await asked(servers);
  for (const [index, each] of servers.entries()) {
    expect(await held(each)).toEqual({ [hosts?.[index]?.[0] ?? ""]: TWO });
  }
  // The same answer under its key.
  expect(await asked(servers)).toEqual(hosts);
  expect(await asked([randomUUID(), randomUUID()])).toBeUndefined();
  for (const each of servers) await release({ PLACEMENT_URL: api.url, SERVER: each });
});

describe("a place with a lease", () => {
  const lives = async () => (await api.request("GET", `/consumers/${server}`)).body;
  const run = (job: (host: string, lost: AbortSignal) => Promise<void>) =>
    holdWhile({ PLACEMENT_URL: api.url, SERVER: server }, job, {
      sleep: async (_, signal) => signal.throwIfAborted(),
    });

  test("is held while a job runs, and released after it", async () => {
    const whole = run(async (where) => {
      await expect.poll(async () => (await lives()).lease_version).toBeGreaterThan(2);
      expect(await held(server)).toEqual({ [where]: { VCPU: 1 } });
    });
    expect(await whole).toBe(true);
    expect(await held(server)).toBeUndefined();
  });

  test("that is lost stops the job", async () => {
    const whole = run(async (_, lost) => {
      const stopped = new Promise((resolve) => lost.addEventListener("abort", resolve));
      await release({ PLACEMENT_URL: api.url, SERVER: server });
      await stopped;
    });
    expect(await whole).toBe(false);
  });
});

test("a release", async () => {
  await claim(api, server, { [host]: { VCPU: 1 } });
  const environment = { PLACEMENT_URL: api.url, SERVER: server };
  expect([await release(environment), await release(environment)]).toEqual([
    "released",
    "held nothing",
  ]);
});

test("who held what, until when, and who ended it", async () => {
  const other = await makeProvider(api, { VCPU: 8 });
  await claim(api, server, { [host]: { VCPU: 1 } });
  await claim(api, server, { [host]: { VCPU: 1 }, [other]: { VCPU: 1 } }, 1);
  await claim(api, server, { [other]: { VCPU: 1 } }, 2);
  const environment = { PLACEMENT_URL: api.url, SERVER: server };
  const open = await whoHeldIt(environment);
  expect(open.held.map(({ hosts, until }) => [[...hosts].sort(), until === null])).toEqual([
    [[host], false],
    [[host, other].sort(), false],
    [[other], true],
  ]);
  await release({ PLACEMENT_URL: api.url, SERVER: server });
  const { held: ended, completeSince } = await whoHeldIt(environment);
  expect(ended.at(-1)).toMatchObject({ endedBy: "admin", cause: "request", project: "project" });
  expect(ended.map(({ until }) => until)).toEqual([
    ended[1]?.from,
    ended[2]?.from,
    expect.any(String),
  ]);
  expect(completeSince).toBe(null);
});

test("a dead host is emptied and deleted with what it contains", async () => {
  const dead = await makeProvider(api, { VCPU: 8 });
  const child = await makeProvider(api, { VCPU: 8 }, { parent: dead });
  await claim(api, server, { [dead]: { VCPU: 1 }, [host]: { VCPU: 1 } });
  const other = randomUUID();
  await claim(api, other, { [child]: { VCPU: 1 } });
  const environment = { PLACEMENT_URL: api.url, HOST: dead };
  expect((await emptyDeadHost(environment)).sort()).toEqual([server, other].sort());
  expect([await held(server), await held(other)]).toEqual([{ [host]: { VCPU: 1 } }, undefined]);
  expect((await api.request("GET", `/resource_providers/${child}`)).status).toBe(404);
  expect(await emptyDeadHost(environment)).toEqual([]);
});

test("a move", async () => {
  const [migration, target] = [randomUUID(), await makeProvider(api, { VCPU: 8 })];
  await claim(api, server, { [host]: { VCPU: 1 } });
  const environment = {
    PLACEMENT_URL: api.url,
    SERVER: server,
    MIGRATION: migration,
    NEW_HOST: target,
  };
  await move(environment);
  const both = { [server]: await held(server), [migration]: await held(migration) };
  expect(both).toEqual({
    [server]: { [target]: { VCPU: 1 } },
    [migration]: { [host]: { VCPU: 1 } },
  });
  expect(await move(environment)).toBeUndefined();
});

test("events are printed as they happen, and the program goes on where it was", async () => {
  const folder = await mkdtemp(join(tmpdir(), "placement-"));
  const environment = { PLACEMENT_URL: api.url, CURSOR: join(folder, "cursor") };
  /** Until the server is told of so often. */
  const printedUntil = async (times: number) => {
    const end = new AbortController();
    const lines: string[] = [];
    const print = (line: string) => {
      lines.push(line);
      if (lines.filter((each) => each.includes(server)).length === times) end.abort();
    };
    await followEvents(environment, print, end.signal);
    return lines;
  };
  try {
    await claim(api, server, { [host]: { VCPU: 1 } });
    const first = await printedUntil(1);
    expect(first.some((line) => line.includes(`placement.resource_provider.create ${host}`))).toBe(
      true,
    );
    expect(first.filter((line) => line.includes(server)).at(-1)).toMatch(
      new RegExp(`^20.*Z placement.allocation.create ${server} request$`),
    );
    const again = printedUntil(1);
    await release({ PLACEMENT_URL: api.url, SERVER: server });
    const lines = await again;
    expect(lines.filter((line) => line.includes(server))).toHaveLength(1);
    expect(lines.some((line) => line.includes("resource_provider.create"))).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
