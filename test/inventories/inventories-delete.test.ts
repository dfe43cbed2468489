/** Deleting inventories, one or all. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider, readProvider } from "../support/world.ts";

const api = useApi();

const remove = (uuid: string, name = "", version = "1.39") =>
  api.request("DELETE", `/resource_providers/${uuid}/inventories${name}`, { version });

const classes = async (uuid: string) => {
  const { body } = await api.request("GET", `/resource_providers/${uuid}/inventories`);
  return Object.keys(body.inventories);
};

test("one goes, the others stay, and the generation rises by 1", async () => {
  const uuid = await makeProvider(api, { VCPU: 1, MEMORY_MB: 1 });
  const answer = await remove(uuid, "/VCPU");
  expect([answer.status, answer.body]).toEqual([204, ""]);
  expect(await classes(uuid)).toEqual(["MEMORY_MB"]);
  expect((await readProvider(api, uuid)).generation).toBe(2);
});

test("all go from 1.5, and the generation rises by 1", async () => {
  const uuid = await makeProvider(api, { VCPU: 1, MEMORY_MB: 1 });
  const early = await remove(uuid, "", "1.4");
  expect([early.status, early.headers["allow"]]).toEqual([405, undefined]);
  expect((await remove(uuid, "", "1.5")).status).toBe(204);
  expect(await classes(uuid)).toEqual([]);
  expect((await readProvider(api, uuid)).generation).toBe(2);
  expect((await remove(uuid)).status).toBe(204);
  expect((await readProvider(api, uuid)).generation).toBe(3);
});

test("one in use is a concurrent update", async () => {
  const uuid = await makeProvider(api, { VCPU: 1 });
  const consumer = randomUUID();
  await claim(api, consumer, { [uuid]: { VCPU: 1 } });
  expectRefusal(await remove(uuid, "/VCPU"), {
    status: 409,
    code: "placement.concurrent_update",
    message: `Unable to delete inventory of class VCPU: Inventory for 'VCPU' on resource provider '${uuid}' in use.`,
  });
  await api.request("DELETE", `/allocations/${consumer}`);
  expect((await remove(uuid, "/VCPU")).status).toBe(204);
});

test("all with one in use have a code of their own", async () => {
  const uuid = await makeProvider(api, { VCPU: 1, MEMORY_MB: 1 });
  await claim(api, randomUUID(), { [uuid]: { MEMORY_MB: 1 } });
  expectRefusal(await remove(uuid), {
    status: 409,
    code: "placement.inventory.inuse",
    message: `Inventory for 'MEMORY_MB' on resource provider '${uuid}' in use.`,
  });
  expect(await classes(uuid)).toEqual(["VCPU", "MEMORY_MB"]);
});

test("what is not there is 404", async () => {
  const uuid = await makeProvider(api, { VCPU: 1 });
  for (const name of ["MEMORY_MB", "CUSTOM_NONE", "vcpu"]) {
    const message = new RegExp(`No inventory of class ${name}`);
    expectRefusal(await remove(uuid, `/${name}`), { status: 404, message });
  }
  const nobody = randomUUID();
  for (const name of ["", "/VCPU", "/CUSTOM_NONE"]) {
    const message = new RegExp(`No resource provider with uuid ${nobody} found`);
    expectRefusal(await remove(nobody, name), { status: 404, message });
  }
});
