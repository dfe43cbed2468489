/** Resource providers: create and show, at every version where their form changes. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();

const create = (body: object, version = "1.39") =>
  api.request("POST", "/resource_providers", { body, version });

const show = (uuid: string, version = "1.39") =>
  api.request("GET", `/resource_providers/${uuid}`, { version });

const remove = (uuid: string) => api.request("DELETE", `/resource_providers/${uuid}`);

describe("create", () => {
  test("below 1.20 it is 201 with Location and no body", async () => {
    for (const version of ["1.0", "1.14", "1.19"]) {
      const uuid = randomUUID();
      const answer = await create({ name: `n-${uuid}`, uuid }, version);
      expect([answer.status, answer.body]).toEqual([201, ""]);
      expect(answer.headers["location"]).toBe(`${api.url}/resource_providers/${uuid}`);
      expect(answer.headers).not.toHaveProperty("content-type");
    }
  });

  test("from 1.20 it is 200 with the provider and Location", async () => {
    const uuid = randomUUID();
    const answer = await create({ name: `n-${uuid}`, uuid }, "1.20");
    expect(answer.status).toBe(200);
    expect(answer.headers["location"]).toBe(`${api.url}/resource_providers/${uuid}`);
    expect(answer.body).toEqual((await show(uuid, "1.20")).body);
    expect(answer.body).toMatchObject({ uuid, name: `n-${uuid}`, generation: 0 });
  });

  test("Location follows the Host header", async () => {
    const body = { name: randomUUID() };
    const headers = { host: "placement.localhost:8080" };
    const answer = await api.request("POST", "/resource_providers", { body, headers });
    const location = `http://placement.localhost:8080/resource_providers/${answer.body.uuid}`;
    expect(answer.headers["location"]).toBe(location);
  });

  test("without a uuid one is made", async () => {
    const { body } = await create({ name: randomUUID() });
    expect(body.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await show(body.uuid)).status).toBe(200);
  });

  test("upper case and missing dashes of a uuid are put right", async () => {
    const uuid = randomUUID();
    for (const given of [uuid.toUpperCase(), uuid.replaceAll("-", "")]) {
      const answer = await create({ name: randomUUID(), uuid: given });
      expect(answer.body.uuid).toBe(uuid);
      expect((await remove(uuid)).status).toBe(204);
    }
  });

  test("a name has 1 to 200 characters, of any kind", async () => {
    expect((await create({ name: "x".repeat(200) })).status).toBe(200);
    expect((await create({ name: "é𝄞 / % # ? \"' " })).status).toBe(200);
    expectRefusal(await create({ name: "x".repeat(201) }), {
      status: 400,
      message:
        /^JSON does not validate: 'x+' is too long.*Failed validating 'maxLength' in schema\['properties'\]\['name'\]/,
    });
    expectRefusal(await create({ name: "" }), {
      status: 400,
      message: /Failed validating 'minLength'/,
    });
  });

  test("an equal name or uuid is 409 and says which", async () => {
    const [uuid, name] = [randomUUID(), randomUUID()];
    await create({ name, uuid });
    const code = "placement.duplicate_name";
    expectRefusal(await create({ name }), {
      status: 409,
      code,
      message: `Conflicting resource provider name: ${name} already exists.`,
    });
    expectRefusal(await create({ name: randomUUID(), uuid }), {
      status: 409,
      code,
      message: `Conflicting resource provider uuid: ${uuid} already exists.`,
    });
    expectRefusal(await create({ name }, "1.22"), { status: 409, code: null });
  });

  test("a parent is unknown to the body below 1.14", async () => {
    const parent = await makeProvider(api);
    const body = { name: randomUUID(), parent_provider_uuid: parent };
    expectRefusal(await create(body, "1.13"), {
      status: 400,
      code: null,
      message: /Additional properties are not allowed \('parent_provider_uuid' was unexpected\)/,
    });
    expect((await create(body, "1.14")).status).toBe(201);
  });
});

describe("show", () => {
  const RELATIONS: readonly [version: string, relations: string[]][] = [
    ["1.0", ["self", "inventories", "usages"]],
    ["1.1", ["self", "inventories", "usages", "aggregates"]],
    ["1.5", ["self", "inventories", "usages", "aggregates"]],
    ["1.6", ["self", "inventories", "usages", "aggregates", "traits"]],
    ["1.10", ["self", "inventories", "usages", "aggregates", "traits"]],
    ["1.11", ["self", "inventories", "usages", "aggregates", "traits", "allocations"]],
    ["1.39", ["self", "inventories", "usages", "aggregates", "traits", "allocations"]],
  ];

  test.each(RELATIONS)("at %s the links are %j", async (version, relations) => {
    const uuid = await makeProvider(api);
    const { body } = await show(uuid, version);
    const path = `/resource_providers/${uuid}`;
    expect(body.links).toEqual(
      relations.map((rel) => ({ rel, href: rel === "self" ? path : `${path}/${rel}` })),
    );
  });

  test("parent and root are there from 1.14", async () => {
    const uuid = await makeProvider(api, {}, { name: `shown-${randomUUID()}` });
    const keys = ["uuid", "name", "generation", "links"];
    expect(Object.keys((await show(uuid, "1.13")).body).sort()).toEqual([...keys].sort());
    expect((await show(uuid, "1.14")).body).toMatchObject({
      parent_provider_uuid: null,
      root_provider_uuid: uuid,
    });
  });

  test("an unknown provider is 404, without Vary", async () => {
    for (const uuid of [randomUUID(), "nobody", "a".repeat(3_000), "%00", "%F0%9D%84%9E"]) {
      const answer = await show(uuid);
      const message = `No resource provider with uuid ${decodeURIComponent(uuid)} found`;
      expectRefusal(answer, { status: 404, message });
      expect(answer.headers).not.toHaveProperty("vary");
    }
  });

  test("a uuid in upper case is the same one, and is shown as it is kept", async () => {
    const uuid = await makeProvider(api, {}, { uuid: "abcdefab-cdef-4bcd-8fab-cdefabcdefab" });
    const { status, body } = await show(uuid.toUpperCase());
    expect([status, body.uuid, body.links[0].href]).toEqual([
      200,
      uuid,
      `/resource_providers/${uuid}`,
    ]);
  });
});
