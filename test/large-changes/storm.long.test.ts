/** Large changes among many readers and writers: nobody sees them by halves, and every sum is right. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { expectWhole, sweep } from "../support/large-world.ts";
import { type Servers, startServers } from "../support/servers.ts";
import {
  claim,
  claimBody,
  detailOf,
  makeProvider,
  type Requester,
  readProvider,
  readUsages,
  release,
} from "../support/world.ts";

const READERS = 16;
const WRITERS = 16;
const CONSUMERS = 500;
const CHILDREN = 10;
const TIMEOUT = 600_000;
const MAX_ATTEMPTS = 5;
const project = `project-${randomUUID()}`;

let servers: Servers;
/** A host, and the parts that it is taken apart into. */
let host: Uuid;
let children: Uuid[];
/** Where writers claim and release all the while: a part of the same tree. */
let busy: Uuid;
const consumers = Array.from({ length: CONSUMERS }, () => randomUUID());
const childOf = (index: number) => children[index % CHILDREN] ?? "";

beforeAll(async () => {
  servers = await startServers(4);
  host = await makeProvider(servers.first, { VCPU: CONSUMERS, MEMORY_MB: 100_000 });
  children = [];
  for (let count = 0; count < CHILDREN; count += 1) {
    children.push(await makeProvider(servers.first, {}, { parent: host }));
  }
  busy = await makeProvider(servers.first, { VCPU: 1_000_000 }, { parent: host });
  const body = Object.fromEntries(
    consumers.map((consumer) => [consumer, ownBody(host, null, { VCPU: 1, MEMORY_MB: 10 })]),
  );
  const made = await servers.first.request("POST", "/allocations", { body });
  expect(made.status).toBe(204);
}, TIMEOUT);
afterAll(() => servers.close());

const ownBody = (
  provider: Uuid,
  generation: number | null,
  resources: Readonly<Record<string, number>>,
) => ({ ...claimBody({ [provider]: resources }, generation), project_id: project });

/** The host's VCPUs become its children's; its memory stays where it is. */
async function takeApart(server: Requester) {
  const generation = async (uuid: Uuid) => (await readProvider(server, uuid)).generation;
  const total = CONSUMERS / CHILDREN;
  const given = children.map(async (uuid) => [
    uuid,
    { resource_provider_generation: await generation(uuid), inventories: { VCPU: { total } } },
  ]);
  const inventories = Object.fromEntries([
    ...(await Promise.all(given)),
    [
      host,
      {
        resource_provider_generation: await generation(host),
        inventories: { MEMORY_MB: { total: 100_000 } },
      },
    ],
  ]);
  const allocations = Object.fromEntries(
    consumers.map((consumer, index) => [
      consumer,
      {
        ...claimBody({ [childOf(index)]: { VCPU: 1 }, [host]: { MEMORY_MB: 10 } }, 1),
        project_id: project,
      },
    ]),
  );
  return server.request("POST", "/reshaper", {
    body: { inventories, allocations },
    roles: "service",
  });
}

/** On a busy machine there may not be time enough: then nothing is written, or the rest is left to a sweep. */
async function insisting(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send();
    if (answer.status !== 503 || attempt === MAX_ATTEMPTS) return answer;
    expect(detailOf(answer)).toContain("nothing was written");
  }
}

/** Each looks at many items at once, and says whether it saw the host whole or taken apart. */
const LOOKS: Readonly<Record<string, (server: Requester) => Promise<"before" | "after">>> = {
  "usages of the project": async (server) => {
    const { body } = await server.request("GET", `/usages?project_id=${project}`);
    expect(body.usages).toEqual({
      INSTANCE: { consumer_count: CONSUMERS, VCPU: CONSUMERS, MEMORY_MB: 10 * CONSUMERS },
    });
    return "before";
  },
  "allocations of the host": async (server) => {
    const { body } = await server.request("GET", `/resource_providers/${host}/allocations`);
    const held = Object.values(body.allocations as Record<Uuid, { resources: object }>);
    expect(held).toHaveLength(CONSUMERS);
    return oneOf(held, ({ resources }) => "VCPU" in resources);
  },
  "allocations of a child": async (server) => {
    const { body } = await server.request("GET", `/resource_providers/${childOf(3)}/allocations`);
    const count = Object.keys(body.allocations).length;
    expect([0, CONSUMERS / CHILDREN]).toContain(count);
    return count === 0 ? "before" : "after";
  },
  "providers with memory": async (server) => {
    const path = `/resource_providers?in_tree=${host}&resources=MEMORY_MB:1`;
    const { body } = await server.request("GET", path);
    expect(body.resource_providers).toHaveLength(1);
    return "before";
  },
  candidates: async (server) => {
    const path = `/allocation_candidates?in_tree=${host}&resources=MEMORY_MB:1`;
    const { status, body } = await server.request("GET", path);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.allocation_requests).toHaveLength(1);
    // The summaries tell of the whole tree: the host has VCPUs, or its children have.
    const summaries = body.provider_summaries as Record<Uuid, { resources: object }>;
    const withVcpus = [host, ...children].filter(
      (uuid) => "VCPU" in (summaries[uuid]?.resources ?? {}),
    );
    expect([[host], children]).toContainEqual(withVcpus);
    return withVcpus.length === 1 ? "before" : "after";
  },
  "generations of the tree": async (server) => {
    const { body } = await server.request("GET", `/resource_providers?in_tree=${host}`);
    const parts = body.resource_providers.filter(
      ({ uuid }: { uuid: Uuid }) => uuid !== host && uuid !== busy,
    );
    expect(parts).toHaveLength(CHILDREN);
    return oneOf(parts as { generation: number }[], ({ generation }) => generation === 0);
  },
};

/** All alike. */
function oneOf<T>(all: readonly T[], isBefore: (each: T) => boolean): "before" | "after" {
  const seen = new Set(all.map((each) => (isBefore(each) ? "before" : "after")));
  expect(seen.size).toBe(1);
  return seen.has("before") ? "before" : "after";
}

test(
  `a reshape of ${CONSUMERS} consumers among ${READERS} readers and ${WRITERS} writers`,
  async () => {
    let done = false;
    const looks = Object.entries(LOOKS);
    const seen = new Map<string, string[]>();
    const readers = Array.from({ length: READERS }, async (_, index) => {
      const mine: string[] = [];
      seen.set(`reader ${index}`, mine);
      const [, look] = looks[index % looks.length] ?? [];
      while (!done && look !== undefined) mine.push(await look(servers.of(index)));
    });
    let claims = 0;
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const server = servers.of(index);
      while (!done) {
        const consumer = randomUUID();
        expect((await claim(server, consumer, { [busy]: { VCPU: 1 } })).status).toBe(204);
        expect((await release(server, consumer)).status).toBe(204);
        claims += 1;
      }
    });
    const answer = await insisting(() => takeApart(servers.first));
    done = true;
    await Promise.all([...readers, ...writers]);
    expect(answer.status, JSON.stringify(answer.body)).toBe(204);
    for (const [reader, views] of seen) {
      expect(views.length, reader).toBeGreaterThan(0);
      expect([...views].sort().reverse(), reader).toEqual(views);
    }
    expect(claims).toBeGreaterThan(0);
    for (const [name, look] of looks.slice(1, 3))
      expect(await look(servers.of(1)), name).toBe("after");
    expect(await readUsages(servers.first, host)).toEqual({ MEMORY_MB: 10 * CONSUMERS });
    expect(await readUsages(servers.first, childOf(0))).toEqual({ VCPU: CONSUMERS / CHILDREN });
    await sweep(servers.first);
    await expectWhole(servers.first);
  },
  TIMEOUT,
);

test(
  "a large claim on a provider that many others claim from all the while",
  async () => {
    const provider = await makeProvider(servers.first, { VCPU: 10_000 });
    let done = false;
    let claims = 0;
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const server = servers.of(index);
      while (!done) {
        const consumer = randomUUID();
        expect((await claim(server, consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
        expect((await release(server, consumer)).status).toBe(204);
        claims += 1;
      }
    });
    const body = Object.fromEntries(
      Array.from({ length: 100 }, () => [
        randomUUID(),
        claimBody({ [provider]: { VCPU: 3 } }, null),
      ]),
    );
    const answer = await insisting(() => servers.first.request("POST", "/allocations", { body }));
    done = true;
    await Promise.all(writers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(204);
    expect(claims).toBeGreaterThan(0);
    expect(await readUsages(servers.first, provider)).toEqual({ VCPU: 300 });
    await sweep(servers.first);
    await expectWhole(servers.first);
  },
  TIMEOUT,
);

test(
  "of two large changes of the same consumers one is made, and the other refused whole",
  async () => {
    const from = await makeProvider(servers.first, { VCPU: 1_000 });
    const targets = [
      await makeProvider(servers.first, { VCPU: 1_000 }),
      await makeProvider(servers.first, { VCPU: 1_000 }),
    ];
    const mine = Array.from({ length: 60 }, () => randomUUID());
    const bodyOf = (provider: Uuid, generation: number | null) =>
      Object.fromEntries(
        mine.map((consumer) => [consumer, claimBody({ [provider]: { VCPU: 1 } }, generation)]),
      );
    const { request } = servers.first;
    expect((await request("POST", "/allocations", { body: bodyOf(from, null) })).status).toBe(204);
    const answers = await Promise.all(
      targets.map((target, index) =>
        servers.of(index).request("POST", "/allocations", { body: bodyOf(target, 1) }),
      ),
    );
    const won = answers.findIndex(({ status }) => status === 204);
    expect(won).toBeGreaterThanOrEqual(0);
    const lost = answers[1 - won];
    expect(lost?.status).toBe(409);
    if (lost !== undefined) expect(detailOf(lost)).toContain("consumer generation conflict");
    const used = await Promise.all(targets.map((target) => readUsages(servers.first, target)));
    expect(used.map(({ VCPU }) => VCPU)).toEqual(won === 0 ? [60, 0] : [0, 60]);
    expect(await readUsages(servers.first, from)).toEqual({ VCPU: 0 });
    await sweep(servers.first);
    await expectWhole(servers.first);
  },
  TIMEOUT,
);
