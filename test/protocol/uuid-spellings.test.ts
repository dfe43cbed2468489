/** One UUID is one subject, in whatever spelling a request names it. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import { parseUuid } from "../../lib/model/uuid.ts";
import type { Api } from "../support/api.ts";
import {
  directly,
  everyUuid,
  overHttp,
  type Send,
  type Step,
  type StepAnswer,
} from "../support/every-uuid.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { SPELLINGS, type Spelling } from "../support/spellings.ts";
import { claimBody, makeProvider, readUsages } from "../support/world.ts";

const api = useApi();

const WAYS: readonly [way: string, of: (api: Api) => Send][] = [
  ["over HTTP", overHttp],
  ["directly", directly],
];

describe.each(WAYS)("%s", (_, sendBy) => {
  test.each(Object.keys(SPELLINGS) as Spelling[])(
    "every operation does and answers to a uuid in %s what it does to the plain one",
    async (spelling) => {
      const send = sendBy(api);
      const before = await api.items();
      const plain = everyUuid(SPELLINGS.lower);
      const spelt = everyUuid(SPELLINGS[spelling]);
      const told = async (steps: readonly Step[]) => {
        const answers: (readonly [route: string, answer: StepAnswer])[] = [];
        for (const step of steps) answers.push([step.route, await send(step)]);
        return answers;
      };
      const expected = await told(plain);
      const done = expected.filter(([, { status }]) => status < 300).map(([route]) => route);
      expect(new Set(done)).toEqual(new Set(plain.map(({ route }) => route)));
      const answers = await told(spelt);
      expect(answers).toEqual(expected);
      const kept = (items: readonly { pk: string }[]) =>
        items.filter(({ pk }) => !/^(LOG|EVENT)#/.test(pk));
      const after = await api.items();
      expect(kept(after)).toEqual(kept(before));
      const subjects = after.flatMap(({ pk }) => (pk.startsWith("EVENT#") ? pk.slice(6) : []));
      expect(subjects.filter((uuid) => parseUuid(uuid) !== uuid)).toEqual([]);
    },
    60_000,
  );

  test("two spellings of one consumer are one consumer", async () => {
    const send = sendBy(api);
    const provider = await makeProvider(api, { VCPU: 10 });
    const consumer = "abcdefab-0000-4000-8000-abcdefabcde0";
    const params = { consumer_uuid: consumer };
    const body = claimBody({ [provider]: { VCPU: 1 } }, null);
    const put = { route: "PUT /allocations/{consumer_uuid}", params, body };
    expect((await send(put)).status).toBe(204);
    const posted = await send({
      route: "POST /allocations",
      body: { [consumer.toUpperCase()]: body },
    });
    expect(posted.status).toBe(409);
    expect(JSON.stringify(posted.body)).toContain("expected 1 but got None");
    expect(await readUsages(api, provider)).toEqual({ VCPU: 1 });
    const upper = { params: { consumer_uuid: consumer.toUpperCase() } };
    const shown = await send({ route: "GET /allocations/{consumer_uuid}", ...upper });
    expect(shown.body).toMatchObject({ consumer_generation: 1 });
    const release = { route: "DELETE /allocations/{consumer_uuid}", ...upper };
    expect((await send(release)).status).toBe(204);
    expect(await readUsages(api, provider)).toEqual({ VCPU: 0 });
  });

  test("a provider is found by every spelling, in its path as in the query", async () => {
    const send = sendBy(api);
    const uuid = await makeProvider(api, {}, { uuid: randomUUID() });
    const spelt = uuid.toUpperCase();
    const shown = await send({ route: "GET /resource_providers/{uuid}", params: { uuid: spelt } });
    expect(shown).toMatchObject({ status: 200, body: { uuid } });
    const list = await send({ route: "GET /resource_providers", query: { uuid: spelt } });
    expect(list.body).toMatchObject({ resource_providers: [{ uuid }] });
  });

  test("a provider in capitals inside a claim is that provider", async () => {
    const provider = await makeProvider(api, { VCPU: 1 });
    const body = claimBody({ [provider.toUpperCase()]: { VCPU: 1 } }, null);
    const params = { consumer_uuid: randomUUID() };
    const answer = await sendBy(api)({ route: "PUT /allocations/{consumer_uuid}", params, body });
    expect(answer.status).toBe(204);
    expect(await readUsages(api, provider)).toEqual({ VCPU: 1 });
  });

  test("an undashed uuid in member_of=! excludes what is in the aggregate", async () => {
    const send = sendBy(api);
    const name = randomUUID();
    const uuid = await makeProvider(api, {}, { name });
    const aggregate = randomUUID();
    const given = { resource_provider_generation: 0, aggregates: [aggregate] };
    await api.request("PUT", `/resource_providers/${uuid}/aggregates`, { body: given });
    const without = async (member_of: string) =>
      (await send({ route: "GET /resource_providers", query: { name, member_of } })).body;
    const undashed = aggregate.replaceAll("-", "");
    expect(await without(`!${undashed}`)).toEqual({ resource_providers: [] });
    expect(await without(`!in:${undashed}`)).toEqual({ resource_providers: [] });
    expect(await without(undashed)).toMatchObject({ resource_providers: [{ uuid }] });
  });
});

test("the story has every operation that takes a uuid", () => {
  const told = new Set(everyUuid(SPELLINGS.lower).map(({ route }) => route));
  const routes = operations.map((each) => `${methodOf(each)} ${pathOf(each)}`);
  const withUuid = routes.filter((route) => route.includes("uuid}"));
  const inBodies = ["POST /resource_providers", "POST /allocations", "POST /reshaper"];
  const inQueries = ["GET /resource_providers", "GET /allocations", "GET /allocation_candidates"];
  const wanted = [...withUuid, ...inBodies, ...inQueries, "POST /consumers"];
  const asked = [...wanted, "POST /allocation_candidates"];
  expect(asked.filter((route) => !told.has(route))).toEqual([]);
});

describe("what Placement refuses stays refused", () => {
  const odd = (["undashed", "undashed upper", "braces", "urn"] as const).map(
    (spelling) => [spelling, SPELLINGS[spelling]] as const,
  );

  test.each(odd)("%s as a key of a body", async (_, spell) => {
    const provider = await makeProvider(api, { VCPU: 4 });
    const before = await api.items();
    const held = claimBody({ [provider]: { VCPU: 1 } }, null);
    const spelt = claimBody({ [spell(provider)]: { VCPU: 1 } }, null);
    const generation = { resource_provider_generation: 1, inventories: {} };
    const consumer = spell(randomUUID());
    const bodies: [string, string, unknown][] = [
      ["PUT", `/allocations/${randomUUID()}`, spelt],
      ["POST", "/allocations", { [consumer]: held }],
      ["POST", "/allocations", { [randomUUID()]: spelt }],
      ["POST", "/reshaper", { inventories: { [spell(provider)]: generation }, allocations: {} }],
      ["POST", "/reshaper", { inventories: {}, allocations: { [consumer]: held } }],
    ];
    for (const [method, path, body] of bodies) {
      const answer = await api.request(method, path, { body, roles: "admin,service" });
      expectRefusal(answer, { status: 400, message: /does not match any of the regexes/ });
    }
    expect(await api.items()).toEqual(before);
  });

  test.each(odd)("%s as uuid and in_tree of the list of providers", async (_, spell) => {
    const value = encodeURIComponent(spell(randomUUID()));
    for (const key of ["uuid", "in_tree"]) {
      const answer = await api.request("GET", `/resource_providers?${key}=${value}`);
      expectRefusal(answer, { status: 400, message: /is not a 'uuid'/ });
    }
  });

  test("a text that is not a UUID is answered as unknown, in every place", async () => {
    const provider = await makeProvider(api, { VCPU: 4 });
    const odd = "-".repeat(36);
    expect((await api.request("GET", `/allocations/${odd}`)).body).toEqual({ allocations: {} });
    expect((await api.request("DELETE", `/allocations/${odd}`)).status).toBe(404);
    expect((await api.request("GET", `/resource_providers/${odd}`)).status).toBe(404);
    const body = claimBody({ [odd]: { VCPU: 1 } }, null);
    expectRefusal(await api.request("PUT", `/allocations/${randomUUID()}`, { body }), {
      status: 400,
      message: `Allocation for resource provider '${odd}' that does not exist.`,
    });
    const held = { [odd]: claimBody({ [provider]: { VCPU: 1 } }, null) };
    expect((await api.request("POST", "/allocations", { body: held })).status).toBe(204);
    expect((await api.request("GET", `/allocations/${odd}`)).body).toMatchObject({
      consumer_generation: 1,
    });
    expect((await api.request("DELETE", `/allocations/${odd}`)).status).toBe(204);
  });
});

describe("two keys of one object that are the same uuid", () => {
  const twice = (uuid: string, value: unknown) => ({
    [uuid]: value,
    [uuid.toUpperCase()]: value,
  });

  test("are refused, and nothing is written", async () => {
    const provider = await makeProvider(api, { VCPU: 9 });
    const before = await api.items();
    const held = claimBody({ [provider]: { VCPU: 1 } }, null);
    const allocations = twice(provider, { resources: { VCPU: 1 } });
    const both = { ...held, allocations };
    const consumer = "abcdefab-0000-4000-8000-abcdefabcde1";
    const generation = { resource_provider_generation: 1, inventories: { VCPU: { total: 9 } } };
    const bodies: [string, string, unknown, string?][] = [
      ["PUT", `/allocations/${consumer}`, both],
      ["PUT", `/allocations/${consumer}`, { allocations, project_id: "p", user_id: "u" }, "1.12"],
      ["POST", "/allocations", { [consumer]: both }],
      ["POST", "/allocations", twice(consumer, held)],
      ["POST", "/allocations", twice(consumer, { ...held, consumer_type: undefined }), "1.30"],
      ["POST", "/reshaper", { inventories: twice(provider, generation), allocations: {} }],
      ["POST", "/reshaper", { inventories: {}, allocations: twice(consumer, held) }],
      ["POST", "/reshaper", { inventories: {}, allocations: { [consumer]: both } }],
    ];
    for (const [method, path, body, version = "1.39"] of bodies) {
      const answer = await api.request(method, path, { body, version, roles: "admin,service" });
      expectRefusal(answer, {
        status: 400,
        message: /'[0-9a-f-]{36}' and '[0-9A-F-]{36}' are the same uuid/,
        ...(version === "1.12" ? { code: null } : {}),
      });
    }
    expect(await api.items()).toEqual(before);
  });

  test("are the last one, where JSON itself has one name twice", async () => {
    const provider = await makeProvider(api, { VCPU: 9 });
    const consumer = randomUUID();
    const rest = '"consumer_generation":null,"project_id":"p","user_id":"u","consumer_type":"X"';
    const entry = (amount: number) => `"${provider}":{"resources":{"VCPU":${amount}}}`;
    const body = `{"allocations":{${entry(1)},${entry(2)}},${rest}}`;
    const headers = { "content-type": "application/json" };
    const answer = await api.request("PUT", `/allocations/${consumer}`, { body, headers });
    expect(answer.status).toBe(204);
    expect(await readUsages(api, provider)).toEqual({ VCPU: 2 });
  });

  test("of the list form are a provider that is named twice: the last entry wins", async () => {
    const provider = await makeProvider(api, { VCPU: 9, DISK_GB: 9 });
    const entry = (uuid: string, resources: object) => ({ resource_provider: { uuid }, resources });
    const entries = [
      entry(provider, { VCPU: 1 }),
      entry(provider.toUpperCase(), { VCPU: 2 }),
      entry(provider.replaceAll("-", ""), { DISK_GB: 3 }),
    ];
    const body = { allocations: entries };
    const path = `/allocations/${randomUUID()}`;
    expect((await api.request("PUT", path, { body, version: "1.0" })).status).toBe(204);
    expect(await readUsages(api, provider)).toEqual({ VCPU: 0, DISK_GB: 3 });
  });
});
