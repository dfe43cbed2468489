/** Inventories: list, show, create, replace and update. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, putInventories, readProvider } from "../support/world.ts";

const DEFAULTS = {
  reserved: 0,
  min_unit: 1,
  max_unit: 2_147_483_647,
  step_size: 1,
  allocation_ratio: 1,
};
const CONFLICT = {
  status: 409,
  code: "placement.concurrent_update",
  message: "resource provider generation conflict",
};

const api = useApi();

const path = (uuid: string, name = "") =>
  `/resource_providers/${uuid}/inventories${name === "" ? "" : `/${name}`}`;

const create = (uuid: string, body: object, version = "1.39") =>
  api.request("POST", path(uuid), { body, version });

const put = (uuid: string, name: string, body: object, version = "1.39") =>
  api.request("PUT", path(uuid, name), { body, version });

const list = async (uuid: string) => (await api.request("GET", path(uuid))).body;

describe("create", () => {
  test("is 201 with Location, the inventory with its defaults and the next generation", async () => {
    const uuid = await makeProvider(api);
    const answer = await create(uuid, { resource_class: "VCPU", total: 16 });
    expect(answer.status).toBe(201);
    expect(answer.headers["location"]).toBe(`${api.url}${path(uuid, "VCPU")}`);
    const document = { resource_provider_generation: 1, total: 16, ...DEFAULTS };
    expect(answer.body).toEqual(document);
    expect((await api.request("GET", path(uuid, "VCPU"))).body).toEqual(document);
  });

  test("ignores a generation in its body, and adds 1 each time", async () => {
    const uuid = await makeProvider(api);
    const body = { resource_class: "VCPU", total: 1, resource_provider_generation: 77 };
    expect((await create(uuid, body)).body.resource_provider_generation).toBe(1);
    const more = await create(uuid, { resource_class: "MEMORY_MB", total: 1 });
    expect(more.body.resource_provider_generation).toBe(2);
  });

  test("a class that is there is a concurrent update", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    expectRefusal(await create(uuid, { resource_class: "VCPU", total: 1 }), {
      status: 409,
      code: "placement.concurrent_update",
      message: /^Update conflict: /,
    });
    expect((await readProvider(api, uuid)).generation).toBe(1);
  });

  test("an unknown class is 400, an unknown provider 404", async () => {
    const uuid = await makeProvider(api);
    expectRefusal(await create(uuid, { resource_class: "CUSTOM_NONE", total: 1 }), {
      status: 400,
      message: `Unable to create inventory for resource provider ${uuid}: No such resource class CUSTOM_NONE.`,
    });
    const nobody = randomUUID();
    const message = `No resource provider with uuid ${nobody} found`;
    for (const body of [{ resource_class: "VCPU", total: 1 }, {}]) {
      expectRefusal(await create(nobody, body), { status: 404, message });
    }
  });

  test("takes a custom class", async () => {
    await api.request("PUT", "/resource_classes/CUSTOM_GOLD");
    const uuid = await makeProvider(api);
    expect((await create(uuid, { resource_class: "CUSTOM_GOLD", total: 2 })).status).toBe(201);
    expect(Object.keys((await list(uuid)).inventories)).toEqual(["CUSTOM_GOLD"]);
  });
});

describe("replace", () => {
  test("sets exactly what is given, and always adds 1", async () => {
    const uuid = await makeProvider(api);
    const wanted = { MEMORY_MB: 2_048, VCPU: { total: 4, reserved: 1, max_unit: 2 } };
    const answer = await putInventories(api, uuid, 0, wanted);
    const document = {
      resource_provider_generation: 1,
      inventories: {
        MEMORY_MB: { total: 2_048, ...DEFAULTS },
        VCPU: { total: 4, ...DEFAULTS, reserved: 1, max_unit: 2 },
      },
    };
    expect([answer.status, answer.body]).toEqual([200, document]);
    expect(await list(uuid)).toEqual(document);
    const again = await putInventories(api, uuid, 1, wanted);
    expect(again.body.resource_provider_generation).toBe(2);
    const none = await putInventories(api, uuid, 2, {});
    expect(none.body).toEqual({ resource_provider_generation: 3, inventories: {} });
  });

  test("ignores a generation inside a record", async () => {
    const uuid = await makeProvider(api);
    const record = { total: 4, resource_provider_generation: 77 };
    expect((await putInventories(api, uuid, 0, { VCPU: record })).status).toBe(200);
    expect((await list(uuid)).inventories).toEqual({ VCPU: { total: 4, ...DEFAULTS } });
  });

  test("keeps what is used, and may shrink below it", async () => {
    const uuid = await makeProvider(api, { VCPU: 4, MEMORY_MB: 8 });
    await claim(api, randomUUID(), { [uuid]: { VCPU: 4 } });
    expect((await putInventories(api, uuid, 2, { VCPU: 2 })).status).toBe(200);
    expectRefusal(await putInventories(api, uuid, 3, { MEMORY_MB: 8 }), {
      status: 409,
      code: "placement.inventory.inuse",
      message: `update conflict: Inventory for 'VCPU' on resource provider '${uuid}' in use.`,
    });
    expect((await list(uuid)).inventories).toEqual({ VCPU: { total: 2, ...DEFAULTS } });
  });

  test("a class that does not exist is 400, whatever it is called", async () => {
    const uuid = await makeProvider(api);
    for (const name of ["vcpu", "CUSTOM_NONE", "", "a b", "é"]) {
      const message = `Unknown resource class in inventory for resource provider ${uuid}: No such resource class ${name}.`;
      expectRefusal(await putInventories(api, uuid, 0, { [name]: 1 }), { status: 400, message });
    }
  });

  test("a stale generation comes before unknown classes and bad capacity", async () => {
    const uuid = await makeProvider(api);
    const bad = { CUSTOM_NONE: 1, VCPU: { total: 1, reserved: 2 } };
    for (const generation of [1, -1, 2 ** 53, 1e300]) {
      expectRefusal(await putInventories(api, uuid, generation, bad), CONFLICT);
    }
    const body = { resource_provider_generation: 5, total: 1, reserved: 2 };
    expectRefusal(await put(uuid, "CUSTOM_NONE", body), CONFLICT);
  });

  test("bad capacity of any class comes before an unknown class", async () => {
    const uuid = await makeProvider(api);
    const message = /Invalid inventory for '(VCPU|CUSTOM_NONE)'.*greater than total/;
    const bad = { total: 1, reserved: 2 };
    const answer = await putInventories(api, uuid, 0, { CUSTOM_NONE: 1, VCPU: bad });
    expectRefusal(answer, { status: 400, message });
    const body = { resource_provider_generation: 0, ...bad };
    expectRefusal(await put(uuid, "CUSTOM_NONE", body), { status: 400, message });
  });
});

describe("update", () => {
  test("sets one class and answers with it", async () => {
    const uuid = await makeProvider(api, { VCPU: { total: 4, reserved: 2 }, MEMORY_MB: 8 });
    const answer = await put(uuid, "VCPU", { resource_provider_generation: 1, total: 6 });
    const document = { resource_provider_generation: 2, total: 6, ...DEFAULTS };
    expect([answer.status, answer.body]).toEqual([200, document]);
    expect((await list(uuid)).inventories.MEMORY_MB.total).toBe(8);
  });

  test("an unknown class is 404, one that the provider lacks 400", async () => {
    const uuid = await makeProvider(api, { VCPU: 4 });
    const body = { resource_provider_generation: 1, total: 1 };
    const unknown = await put(uuid, "CUSTOM_NONE", body);
    expectRefusal(unknown, { status: 404, message: "No such resource class CUSTOM_NONE." });
    const message = /No inventory of class MEMORY_MB found/;
    expectRefusal(await put(uuid, "MEMORY_MB", body), { status: 400, message });
  });

  test("an unknown provider is 404 before a bad body", async () => {
    const uuid = randomUUID();
    const message = `No resource provider with uuid ${uuid} found`;
    expectRefusal(await put(uuid, "VCPU", {}), { status: 404, message });
    expectRefusal(await put(uuid, "", {}), { status: 404, message });
  });
});

describe("list and show", () => {
  test("say an unknown provider twice", async () => {
    const uuid = randomUUID();
    const sentence = `No resource provider with uuid ${uuid} found`;
    for (const each of [path(uuid), path(uuid, "VCPU")]) {
      const message = `${sentence} : ${sentence}`;
      expectRefusal(await api.request("GET", each), { status: 404, message });
    }
  });

  test("a class that is not there is 404", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    for (const name of ["MEMORY_MB", "CUSTOM_NONE", "vcpu"]) {
      const message = `No inventory of class ${name} for ${uuid}`;
      expectRefusal(await api.request("GET", path(uuid, name)), { status: 404, message });
    }
  });
});
