/** What an inventory may offer: capacity, ratios, the largest values. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, readProvider } from "../support/world.ts";

const api = useApi();

const path = (uuid: string, name = "") =>
  `/resource_providers/${uuid}/inventories${name === "" ? "" : `/${name}`}`;

const create = (uuid: string, body: object, version: string) =>
  api.request("POST", path(uuid), { body, version });

const put = (uuid: string, name: string, body: object, version: string) =>
  api.request("PUT", path(uuid, name), { body, version });

const list = async (uuid: string) => (await api.request("GET", path(uuid))).body;

describe("capacity", () => {
  const withRatio = { resource_class: "VCPU", total: 16, allocation_ratio: 0 };
  const full = { resource_class: "VCPU", total: 16, reserved: 16 };
  const over = { resource_class: "VCPU", total: 16, reserved: 17 };

  test("has to be above 0 below 1.26", async () => {
    const uuid = await makeProvider(api);
    for (const body of [full, over, withRatio, { ...full, reserved: 15, allocation_ratio: 0.5 }]) {
      const message = `Unable to create inventory for resource provider ${uuid}: Invalid inventory for 'VCPU' on resource provider '${uuid}'. The reserved value is greater than or equal to total.`;
      expectRefusal(await create(uuid, body, "1.25"), { status: 400, message });
    }
  });

  test("may be 0 from 1.26", async () => {
    const uuid = await makeProvider(api);
    const message = `Unable to create inventory for resource provider ${uuid}: Invalid inventory for 'VCPU' on resource provider '${uuid}'. The reserved value is greater than total.`;
    expectRefusal(await create(uuid, over, "1.26"), { status: 400, message });
    expect((await create(uuid, full, "1.26")).status).toBe(201);
    for (const given of [withRatio, { total: 16, reserved: 17, allocation_ratio: 0.1 }]) {
      const { resource_class: _, ...record } = { resource_class: "", ...given };
      const { generation } = await readProvider(api, uuid);
      const body = { ...record, resource_provider_generation: generation };
      expect((await put(uuid, "VCPU", body, "1.26")).status).toBe(200);
    }
  });

  test("is the floor of the product: a ratio is no integer", async () => {
    const uuid = await makeProvider(api, { VCPU: { total: 3, allocation_ratio: 1.5 } });
    expect((await claim(api, randomUUID(), { [uuid]: { VCPU: 5 } })).status).toBe(409);
    expect((await claim(api, randomUUID(), { [uuid]: { VCPU: 4 } })).status).toBe(204);
  });

  test("the largest values are accepted and shown as given", async () => {
    const largest = 2_147_483_647;
    const record = {
      total: largest,
      reserved: largest - 1,
      min_unit: largest,
      max_unit: 1,
      step_size: largest,
      allocation_ratio: 3.40282e38,
    };
    const uuid = await makeProvider(api, { VCPU: record });
    expect((await list(uuid)).inventories).toEqual({ VCPU: record });
  });

  test.each([16.0, 1.1, 0.3333333333333333, 1e-10, 123456.789])(
    "the ratio %d comes back exactly",
    async (ratio) => {
      const uuid = await makeProvider(api, { VCPU: { total: 1_000_000, allocation_ratio: ratio } });
      expect((await list(uuid)).inventories.VCPU.allocation_ratio).toBe(ratio);
    },
  );
});
