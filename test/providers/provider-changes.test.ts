/** Resource providers: rename and delete. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, readProvider } from "../support/world.ts";

const api = useApi();

const show = (uuid: string, version = "1.39") =>
  api.request("GET", `/resource_providers/${uuid}`, { version });

const update = (uuid: string, body: object, version = "1.39") =>
  api.request("PUT", `/resource_providers/${uuid}`, { body, version });

const remove = (uuid: string) => api.request("DELETE", `/resource_providers/${uuid}`);

describe("update", () => {
  test("renames, leaves the generation alone, and gives the old name free", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    const [old, name] = [`provider-${uuid}`, `renamed-${uuid}`];
    const answer = await update(uuid, { name });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual((await show(uuid)).body);
    expect(answer.body).toMatchObject({ name, generation: 1 });
    await makeProvider(api, {}, { name: old });
  });

  test("an empty name is accepted", async () => {
    const uuid = await makeProvider(api);
    expect((await update(uuid, { name: "" })).body.name).toBe("");
    expect((await update(uuid, { name: `back-${uuid}` })).status).toBe(200);
  });

  test("a name that is taken is 409", async () => {
    const [uuid, other] = [await makeProvider(api), await makeProvider(api)];
    expectRefusal(await update(uuid, { name: `provider-${other}` }), {
      status: 409,
      code: "placement.duplicate_name",
      message: `Conflicting resource provider provider-${other} already exists.`,
    });
    expect((await readProvider(api, uuid)).name).toBe(`provider-${uuid}`);
  });

  test("its own name again changes nothing", async () => {
    const uuid = await makeProvider(api);
    // But for its shard-log entry, which makes readers of lists read it once more.
    const items = async () => (await api.items()).filter(({ pk }) => !pk.startsWith("LOG#"));
    const before = await items();
    expect((await update(uuid, { name: `provider-${uuid}` })).status).toBe(200);
    expect(await items()).toEqual(before);
  });

  test("an unknown provider is 404, also with a bad body", async () => {
    const uuid = randomUUID();
    for (const body of [{ name: "any" }, { colour: "blue" }]) {
      const message = `No resource provider with uuid ${uuid} found`;
      expectRefusal(await update(uuid, body), { status: 404, message });
    }
  });

  test("the uuid is not in the body", async () => {
    const uuid = await makeProvider(api);
    expectRefusal(await update(uuid, { name: "any", uuid }), {
      status: 400,
      message: /Additional properties are not allowed \('uuid' was unexpected\)/,
    });
  });

  test("parent and root are in the answer from 1.14", async () => {
    const uuid = await makeProvider(api);
    const name = `provider-${uuid}`;
    expect((await update(uuid, { name }, "1.13")).body).not.toHaveProperty("root_provider_uuid");
    expect((await update(uuid, { name }, "1.14")).body.root_provider_uuid).toBe(uuid);
  });
});

describe("delete", () => {
  test("is 204, once, and gives name and uuid free", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    const answer = await remove(uuid);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(answer.headers).not.toHaveProperty("content-type");
    const message = `No resource provider with uuid ${uuid} found for delete`;
    expectRefusal(await remove(uuid), { status: 404, message });
    await makeProvider(api, {}, { uuid });
    expect((await readProvider(api, uuid)).generation).toBe(0);
  });

  test("a provider that is allocated from stays", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    await claim(api, randomUUID(), { [uuid]: { VCPU: 1 } });
    expectRefusal(await remove(uuid), {
      status: 409,
      code: "placement.resource_provider.inuse",
      message: `Unable to delete resource provider ${uuid}: Resource provider has allocations.`,
    });
  });

  test("a provider with children stays, which is said before that it is in use", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    const child = await makeProvider(api, {}, { parent: uuid });
    await claim(api, randomUUID(), { [uuid]: { VCPU: 1 } });
    expectRefusal(await remove(uuid), {
      status: 409,
      code: "placement.resource_provider.cannot_delete_parent",
      message: `Unable to delete parent resource provider ${uuid}: It has child resource providers.`,
    });
    expect((await remove(child)).status).toBe(204);
  });
});
