/** Custom resource classes whose use begins while they are deleted or renamed. */
import { expect, test } from "vitest";
import { isQuery, isWrite } from "../support/between.ts";
import { useBetween } from "../support/frame.ts";
import { detailOf, makeProvider, putInventories, type Requester } from "../support/world.ts";

const between = useBetween({ verified: "after-each" });
let number = 0;

async function makeClass(): Promise<string> {
  number += 1;
  const name = `CUSTOM_CLASS_${number}`;
  const answer = await between.quick.request("PUT", `/resource_classes/${name}`);
  expect(answer.status).toBe(201);
  return name;
}

const deleteClass = (name: string) => between.quick.request("DELETE", `/resource_classes/${name}`);

function renameClass({ request }: Requester, name: string) {
  const body = { name: `${name}_NEW` };
  return request("PUT", `/resource_classes/${name}`, { version: "1.6", body });
}

test("a class that is deleted right before its first use is not used by POST", async () => {
  const { slow, quick, before } = between;
  for (const moment of [isWrite, isQuery]) {
    const provider = await makeProvider(quick);
    const name = await makeClass();
    const times = before(moment, () => deleteClass(name));
    const body = { resource_class: name, total: 1 };
    const path = `/resource_providers/${provider}/inventories`;
    const answer = await slow.request("POST", path, { body });
    expect(times()).toBe(1);
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toContain(`No such resource class ${name}.`);
  }
});

test("a class that is deleted right before its first use is not used by PUT", async () => {
  const { slow, quick, before } = between;
  for (const moment of [isWrite, isQuery]) {
    const provider = await makeProvider(quick);
    const name = await makeClass();
    const times = before(moment, () => deleteClass(name));
    const answer = await putInventories(slow, provider, 0, { VCPU: 1, [name]: 1 });
    expect(times()).toBe(1);
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toContain(`No such resource class ${name}.`);
  }
});

test("a class that is made again under its name is used under its new id", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeClass();
  before(isWrite, async () => {
    await deleteClass(name);
    await quick.request("PUT", `/resource_classes/${name}`);
  });
  const answer = await putInventories(slow, provider, 0, { [name]: 1 });
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.body.inventories)).toEqual([name]);
});

test("a class whose use begins right before its deletion stays", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeClass();
  before(isWrite, () => putInventories(quick, provider, 0, { [name]: 1 }));
  const answer = await slow.request("DELETE", `/resource_classes/${name}`);
  expect(answer.status).toBe(409);
  expect(detailOf(answer)).toContain("Class is in use in inventory.");
});

test("a class that is renamed right before its first use is not used by its old name", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeClass();
  before(isWrite, () => renameClass(quick, name));
  expect((await putInventories(slow, provider, 0, { [name]: 1 })).status).toBe(400);
  expect((await deleteClass(`${name}_NEW`)).status).toBe(204);
});

test("a use that begins right before a rename counts under the new name", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick);
  const name = await makeClass();
  before(isWrite, () => putInventories(quick, provider, 0, { [name]: 1 }));
  expect((await renameClass(slow, name)).status).toBe(200);
  expect((await deleteClass(`${name}_NEW`)).status).toBe(409);
});

test("use and deletion of a class race, and one of them loses, 30 times", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 30; round += 1) {
    const name = await makeClass();
    const providers = await Promise.all([makeProvider(quick), makeProvider(quick)]);
    const uses = providers.map((provider, index) =>
      putInventories(index === 0 ? slow : quick, provider, 0, { [name]: 1 }),
    );
    const [deleted, ...used] = await Promise.all([deleteClass(name), ...uses]);
    const winners = used.filter(({ status }) => status === 200).length;
    expect([deleted?.status, winners]).toEqual(winners === 0 ? [204, 0] : [409, winners]);
    for (const { status } of used) expect([200, 400]).toContain(status);
  }
});
