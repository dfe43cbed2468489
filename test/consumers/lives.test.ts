/** What happens between the read and the write of a change, at that exact moment. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { isBatchRead, isWrite } from "../support/between.ts";
import { useBetween } from "../support/frame.ts";
import {
  claim,
  detailOf,
  makeProvider,
  putInventories,
  readClaim,
  readProvider,
  readUsages,
  release,
} from "../support/world.ts";

const between = useBetween({ verified: "after-each" });

test("a release planned on a consumer's first life releases what its second life holds", async () => {
  const { slow, quick, before } = between;
  const first = await makeProvider(quick, { VCPU: 10 });
  const second = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [first]: { VCPU: 3 } });
  const times = before(isWrite, async () => {
    await release(quick, consumer);
    await claim(quick, consumer, { [second]: { VCPU: 7 } });
  });
  expect((await release(slow, consumer)).status).toBe(204);
  expect(times()).toBe(1);
  expect(await readUsages(quick, first)).toEqual({ VCPU: 0 });
  expect(await readUsages(quick, second)).toEqual({ VCPU: 0 });
});

test("a replacement planned on a first life of equal generation counts from the second", async () => {
  const { slow, quick, before } = between;
  const first = await makeProvider(quick, { VCPU: 10 });
  const second = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [first]: { VCPU: 3 } });
  const times = before(isWrite, async () => {
    await release(quick, consumer);
    await claim(quick, consumer, { [second]: { VCPU: 7 } });
  });
  expect((await claim(slow, consumer, { [first]: { VCPU: 5 } }, 1)).status).toBe(204);
  expect(times()).toBe(1);
  expect(await readUsages(quick, first)).toEqual({ VCPU: 5 });
  expect(await readUsages(quick, second)).toEqual({ VCPU: 0 });
  expect(await readClaim(quick, consumer)).toEqual({
    held: { [first]: { VCPU: 5 } },
    generation: 2,
  });
});

test("a second incarnation of another generation refuses a writer that names the first one's", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [provider]: { VCPU: 3 } });
  await claim(quick, consumer, { [provider]: { VCPU: 4 } }, 1);
  before(isWrite, async () => {
    await release(quick, consumer);
    await claim(quick, consumer, { [provider]: { VCPU: 7 } });
  });
  const answer = await claim(slow, consumer, { [provider]: { VCPU: 1 } }, 2);
  expect(answer.status).toBe(409);
  expect(detailOf(answer)).toContain("consumer generation conflict - expected 1 but got 2");
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 7 });
});

test("a record is not changed by a writer whose consumer was deleted meanwhile", async () => {
  const { slow, quick, before } = between;
  const uuid = randomUUID();
  await quick.request("POST", "/consumers", { body: { uuid, project_id: "p", user_id: "u" } });
  before(isWrite, () => quick.request("DELETE", `/consumers/${uuid}?generation=0`));
  const body = { consumer_generation: 0 };
  const answer = await slow.request("POST", `/consumers/${uuid}/generation`, { body });
  expect(answer.status).toBe(404);
  expect((await quick.request("GET", `/consumers/${uuid}`)).status).toBe(404);
});

test("an idle consumer that is claimed with before its deletion is kept", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 10 });
  const uuid = randomUUID();
  await quick.request("POST", "/consumers", { body: { uuid, project_id: "p", user_id: "u" } });
  before(isWrite, () => claim(quick, uuid, { [provider]: { VCPU: 1 } }, 0));
  const answer = await slow.request("DELETE", `/consumers/${uuid}?generation=0`);
  expect(answer.status).toBe(409);
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 1 });
});

test("a release that crosses an inventory update leaves the use and the room right", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [provider]: { VCPU: 8 } });
  const { generation } = await readProvider(quick, provider);
  // A release does not raise the provider's generation: the update goes through.
  const times = before(isWrite, () => release(quick, consumer));
  const answer = await putInventories(slow, provider, generation, { VCPU: 20 });
  expect(answer.status).toBe(200);
  expect(times()).toBe(1);
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 0 });
  expect((await claim(quick, randomUUID(), { [provider]: { VCPU: 20 } })).status).toBe(204);
});

test("an inventory update that crosses a release leaves the use and the room right", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [provider]: { VCPU: 8 } });
  const { generation } = await readProvider(quick, provider);
  before(isWrite, () => putInventories(quick, provider, generation, { VCPU: 5 }));
  expect((await release(slow, consumer)).status).toBe(204);
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 0 });
  expect((await claim(quick, randomUUID(), { [provider]: { VCPU: 6 } })).status).toBe(409);
  expect((await claim(quick, randomUUID(), { [provider]: { VCPU: 5 } })).status).toBe(204);
});

test("a claim during a change of the step size is checked by the new one", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: { total: 10, step_size: 2 } });
  before(isWrite, () => putInventories(quick, provider, 1, { VCPU: { total: 10, step_size: 3 } }));
  const answer = await claim(slow, randomUUID(), { [provider]: { VCPU: 4 } });
  expect(answer.status).toBe(409);
  expect(detailOf(answer)).toContain("would violate inventory constraints");
  expect((await claim(slow, randomUUID(), { [provider]: { VCPU: 6 } })).status).toBe(204);
});

test("a class that is claimed before its inventory is deleted stays", async () => {
  const { slow, quick, before } = between;
  const one = await makeProvider(quick, { VCPU: 10, DISK_GB: 10 });
  const other = await makeProvider(quick, { VCPU: 10, DISK_GB: 10 });
  before(isWrite, () => claim(quick, randomUUID(), { [one]: { VCPU: 1 } }));
  const path = (provider: string) => `/resource_providers/${provider}/inventories`;
  expect((await slow.request("DELETE", `${path(one)}/VCPU`)).status).toBe(409);
  before(isWrite, () => claim(quick, randomUUID(), { [other]: { DISK_GB: 1 } }));
  expect((await slow.request("DELETE", path(other))).status).toBe(409);
  expect(await readUsages(quick, one)).toEqual({ VCPU: 1, DISK_GB: 0 });
  expect(await readUsages(quick, other)).toEqual({ VCPU: 0, DISK_GB: 1 });
});

test("a consumer that moves while it is read is shown where it is, not on a provider that is gone", async () => {
  const { slow, quick, before } = between;
  const first = await makeProvider(quick, { VCPU: 10 });
  const second = await makeProvider(quick, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(quick, consumer, { [first]: { VCPU: 3 } });
  const times = before(isBatchRead, async () => {
    await claim(quick, consumer, { [second]: { VCPU: 3 } }, 1);
    const deleted = await quick.request("DELETE", `/resource_providers/${first}`);
    expect(deleted.status).toBe(204);
  });
  const { body } = await slow.request("GET", `/allocations/${consumer}`);
  expect(times()).toBe(1);
  expect(body.consumer_generation).toBe(2);
  expect(body.allocations).toEqual({ [second]: { resources: { VCPU: 3 }, generation: 2 } });
});
