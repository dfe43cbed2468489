/** Records that contradict each other, as after a partial restore, are not written over. */
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { allocationKey } from "../../lib/store/items/holder.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import type { Key } from "../../lib/store/table/item.ts";
import { useApi } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, detailOf, makeProvider, release } from "../support/world.ts";

const api = useApi({ verified: "never" });

async function lose(key: Key): Promise<void> {
  const Key = { pk: key.pk, sk: key.sk };
  await api.client.send(new DeleteCommand({ TableName: api.tableName, Key }));
}

async function setUsed(provider: Uuid, used: number): Promise<void> {
  const { pk, sk } = hotKey(provider);
  await api.client.send(
    new UpdateCommand({
      TableName: api.tableName,
      Key: { pk, sk },
      UpdateExpression: "SET #i.#c.#u = :u",
      ExpressionAttributeNames: { "#i": "i", "#c": "0", "#u": "u" },
      ExpressionAttributeValues: { ":u": used },
    }),
  );
}

async function expectDamaged(send: () => Promise<HttpAnswer>): Promise<void> {
  const before = await api.items();
  const logged = api.logs.length;
  const answer = await send();
  expect(answer.status, JSON.stringify(answer.body)).toBe(503);
  expect(answer.headers).not.toHaveProperty("retry-after");
  expect(detailOf(answer)).toContain("The stored records contradict each other");
  expect(detailOf(answer)).toContain("nothing was written");
  expect(await api.items()).toEqual(before);
  expect(api.logs.slice(logged)).toContainEqual(
    expect.objectContaining({ metric: "DamagedRecords" }),
  );
}

async function makeHeld(): Promise<{ provider: Uuid; consumer: Uuid }> {
  const provider = await makeProvider(api, { VCPU: 10 });
  const consumer = randomUuid();
  await claim(api, consumer, { [provider]: { VCPU: 4 } });
  return { provider, consumer };
}

test("a release without its look-up item is 503 and counted", async () => {
  const { provider, consumer } = await makeHeld();
  await lose(allocationKey(provider, consumer));
  await expectDamaged(() => release(api, consumer));
  await expectDamaged(() => claim(api, consumer, {}, 1));
});

test("a move away without its look-up item is 503 and counted", async () => {
  const { provider, consumer } = await makeHeld();
  const target = await makeProvider(api, { VCPU: 10 });
  await lose(allocationKey(provider, consumer));
  await expectDamaged(() => claim(api, consumer, { [target]: { VCPU: 4 } }, 1));
});

test("a release of more than is used is 503 and counted", async () => {
  const { provider, consumer } = await makeHeld();
  await setUsed(provider, 3);
  await expectDamaged(() => release(api, consumer));
  await expectDamaged(() => claim(api, consumer, {}, 1));
});

test("a release from a provider that is gone is 503 and counted", async () => {
  const { provider, consumer } = await makeHeld();
  await lose(hotKey(provider));
  await expectDamaged(() => release(api, consumer));
});

test("a tree that names providers which are gone is not moved", async () => {
  const [top, target] = [await makeProvider(api), await makeProvider(api)];
  const child = await makeProvider(api, {}, { parent: top });
  await lose(hotKey(child));
  await lose(profileKey(child));
  const body = { name: `provider-${top}`, parent_provider_uuid: target };
  await expectDamaged(() => api.request("PUT", `/resource_providers/${top}`, { body }));
});
