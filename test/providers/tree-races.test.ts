/** Providers that are moved, renamed, created and deleted concurrently. */

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import { isReadOf, isWrite } from "../support/between.ts";
import { useBetween } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { claim, detailOf, makeProvider, type Requester, readUsages } from "../support/world.ts";

const between = useBetween({ verified: "after-each" });

async function move({ request }: Requester, provider: Uuid, parent: Uuid | null) {
  const body = { name: `provider-${provider}`, parent_provider_uuid: parent };
  return request("PUT", `/resource_providers/${provider}`, { body });
}

function rename({ request }: Requester, provider: Uuid, name: string) {
  return request("PUT", `/resource_providers/${provider}`, { body: { name } });
}

function remove({ request }: Requester, provider: Uuid) {
  return request("DELETE", `/resource_providers/${provider}`);
}

test("two moves under each other at once never make a cycle, 40 times", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 40; round += 1) {
    const root = await makeProvider(quick);
    const one = await makeProvider(quick, {}, { parent: root });
    const other = await makeProvider(quick, {}, { parent: round % 2 === 0 ? root : one });
    const top = await makeProvider(quick);
    const answers = await Promise.all([
      move(slow, one, round % 4 < 2 ? other : top),
      move(quick, other, one),
      move(slow, top, other),
    ]);
    for (const { status } of answers) expect([200, 400]).toContain(status);
  }
});

test("two roots that move under each other at once: one move is refused as a loop", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 20; round += 1) {
    const [one, other] = [await makeProvider(quick), await makeProvider(quick)];
    const answers = await Promise.all([move(slow, one, other), move(quick, other, one)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const refused = answers.find(({ status }) => status === 400);
    expect(refused && detailOf(refused)).toContain("creating loop in the provider tree");
  }
});

test("a provider is not put below one that has left its tree since it was looked up", async () => {
  const { slow, quick, before } = between;
  const root = await makeProvider(quick);
  const provider = await makeProvider(quick, {}, { parent: root });
  const target = await makeProvider(quick, {}, { parent: root });
  const elsewhere = await makeProvider(quick);
  // Two reads of the one tree would see it before and after the target has left.
  let reads = 0;
  const secondRead = (call: Call) => isReadOf(`TREE#${root}`)(call) && ++reads === 2;
  before(
    (call) => secondRead(call) || isWrite(call),
    () => move(quick, target, elsewhere),
  );
  expect((await move(slow, provider, target)).status).toBe(200);
  const { body } = await quick.request("GET", `/resource_providers/${provider}`);
  expect(body.parent_provider_uuid).toBe(target);
  expect(body.root_provider_uuid).toBe(elsewhere);
});

test("a provider moves with the children that it has when it moves", async () => {
  const { slow, quick, before } = between;
  const [provider, target] = [await makeProvider(quick), await makeProvider(quick)];
  const child = randomUUID();
  before(isWrite, () => makeProvider(quick, {}, { uuid: child, parent: provider }));
  expect((await move(slow, provider, target)).status).toBe(200);
  const { body } = await quick.request("GET", `/resource_providers/${child}`);
  expect(body.root_provider_uuid).toBe(target);
});

test("a child that is deleted while its parent moves does not hold up the move", async () => {
  const { slow, quick, before } = between;
  const [provider, target] = [await makeProvider(quick), await makeProvider(quick)];
  const child = await makeProvider(quick, {}, { parent: provider });
  const times = before(
    ({ command, keys }) => command === "BatchGet" && keys.some(({ sk }) => sk.endsWith(child)),
    () => remove(quick, child),
  );
  expect((await move(slow, provider, target)).status).toBe(200);
  expect(times()).toBe(1);
});

test("a provider that becomes a root while it is made a root is one", async () => {
  const { slow, quick, before } = between;
  const top = await makeProvider(quick);
  const child = await makeProvider(quick, {}, { parent: top });
  const { pk } = profileKey(child);
  const happened = before(isReadOf(pk), () => move(quick, child, null));
  const answer = await move(slow, child, null);
  expect(happened()).toBe(1);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(answer.body).toMatchObject({ parent_provider_uuid: null, root_provider_uuid: child });
});

test("a child is made in the tree in which its parent is when it is made", async () => {
  const { slow, quick, before } = between;
  const [root, target] = [await makeProvider(quick), await makeProvider(quick)];
  const parent = await makeProvider(quick, {}, { parent: root });
  before(isWrite, () => move(quick, parent, target));
  const child = await makeProvider(slow, {}, { parent });
  const { body } = await quick.request("GET", `/resource_providers/${child}`);
  expect(body.root_provider_uuid).toBe(target);
});

test("a parent that is deleted right before its child is made refuses the child", async () => {
  const { slow, quick, before } = between;
  const parent = await makeProvider(quick);
  const uuid = randomUUID();
  before(isWrite, () => remove(quick, parent));
  const body = { name: uuid, uuid, parent_provider_uuid: parent };
  const answer = await slow.request("POST", "/resource_providers", { body });
  expect(answer.status).toBe(400);
  expect(detailOf(answer)).toContain("parent provider UUID does not exist");
});

test("a provider that gets a child right before its deletion stays", async () => {
  const { slow, quick, before } = between;
  const parent = await makeProvider(quick);
  before(isWrite, () => makeProvider(quick, {}, { parent }));
  const answer = await remove(slow, parent);
  expect(answer.status).toBe(409);
  expect(answer.body.errors[0].code).toBe("placement.resource_provider.cannot_delete_parent");
});

test("of two that take one name at once exactly one gets it, 20 times", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 20; round += 1) {
    const name = `name-${randomUUID()}`;
    const [one, other] = [await makeProvider(quick), await makeProvider(quick)];
    const made = { name, uuid: randomUUID() };
    const answers = await Promise.all([
      rename(slow, one, name),
      rename(quick, other, name),
      slow.request("POST", "/resource_providers", { body: made }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const { status, body } of answers) {
      if (status === 409) expect(body.errors[0].code).toBe("placement.duplicate_name");
    }
  }
});

test("a provider that is claimed on right before its deletion stays", async () => {
  const { slow, quick, before } = between;
  const provider = await makeProvider(quick, { VCPU: 1 });
  before(isWrite, () => claim(quick, randomUUID(), { [provider]: { VCPU: 1 } }));
  const answer = await remove(slow, provider);
  expect(answer.status).toBe(409);
  expect(answer.body.errors[0].code).toBe("placement.resource_provider.inuse");
  expect(await readUsages(quick, provider)).toEqual({ VCPU: 1 });
});

test("deletion of a provider and claims on it race: either all claims fail, or it stays", async () => {
  const { slow, quick } = between;
  for (let round = 1; round <= 30; round += 1) {
    const provider = await makeProvider(quick, { VCPU: 10 });
    const claims = Array.from({ length: 4 }, (_, index) =>
      claim(index % 2 === 0 ? slow : quick, randomUUID(), { [provider]: { VCPU: 1 } }),
    );
    const [deleted, ...claimed] = await Promise.all([remove(quick, provider), ...claims]);
    const won = claimed.filter(({ status }) => status === 204).length;
    expect([deleted?.status, won]).toEqual(deleted?.status === 204 ? [204, 0] : [409, 4]);
    for (const answer of claimed.filter(({ status }) => status !== 204)) {
      expect(answer.status).toBe(400);
      expect(detailOf(answer)).toContain(`'${provider}' that does not exist`);
    }
  }
});
