/** A table that is written while it is verified gives no false alarm, and real damage is found. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type VerifyAnswer, verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { NO_UUID, type Uuid } from "../../lib/model/uuid.ts";
import { allocationsPk } from "../../lib/store/items/holder.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { startApi } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import { useServers } from "../support/frame.ts";
import { interpose } from "../support/interpose.ts";
import {
  claim,
  claimBody,
  makeProvider,
  putInventories,
  readClaim,
  readProvider,
  release,
} from "../support/world.ts";
import { handsOf } from "./damage.ts";

const servers = useServers(2, { verified: "never" });

const invoke = (event: unknown): Promise<VerifyAnswer> =>
  taskLambda(verifyRecords, async () => servers.first.runtime)(event) as Promise<VerifyAnswer>;

test("a provider that is claimed on in the middle of every look at it is not accused", async () => {
  const { first } = servers;
  const provider = await makeProvider(first, { VCPU: 900 });
  let left = 6;
  const slow = await startApi({
    tableName: first.tableName,
    connection: (connection) =>
      interpose(connection, async (call) => {
        const values = call.input["ExpressionAttributeValues"] as
          | Record<string, unknown>
          | undefined;
        if (left > 0 && call.command === "Query" && values?.[":p"] === allocationsPk(provider)) {
          left -= 1;
          expect((await claim(first, randomUUID(), { [provider]: { VCPU: 1 } })).status).toBe(204);
        }
        return call.send();
      }),
  });
  const answer = await taskLambda(verifyRecords, async () => slow.runtime)({});
  expect(answer).toMatchObject({ findings: [], unsettled: [], complete: true });
  expect(left).toBe(0);
  await slow.close();
});

test("claims, moves, large changes, names and trees go on while every record is verified", async () => {
  const random = chance("verification in use");
  const { first } = servers;
  const providers: Uuid[] = [];
  for (let count = 0; count < 6; count += 1) {
    const parent = count % 3 === 0 ? {} : { parent: providers.at(-1) ?? "" };
    providers.push(await makeProvider(first, { VCPU: 900 }, parent));
  }
  const consumers = Array.from({ length: 40 }, () => random.uuid());
  const held = () => ({ [random.pick(providers)]: { VCPU: 1 + random.below(3) } });
  const actions = [
    async (index: number) => {
      const consumer = random.pick(consumers);
      const found = await readClaim(servers.of(index), consumer);
      return claim(servers.of(index), consumer, held(), found?.generation ?? null);
    },
    (index: number) => release(servers.of(index), random.pick(consumers)),
    // 30 consumers of 4 providers each: more than a transaction holds.
    (index: number) => {
      const bodies = Array.from({ length: 30 }, () => {
        const each = Object.fromEntries(providers.slice(0, 4).map((uuid) => [uuid, { VCPU: 1 }]));
        return [random.uuid(), claimBody(each, null)];
      });
      const body = Object.fromEntries(bodies);
      return servers.of(index).request("POST", "/allocations", { body });
    },
    (index: number) => {
      const name = `CUSTOM_${random.below(3)}`;
      const method = random.below(3) === 0 ? "DELETE" : "PUT";
      return servers.of(index).request(method, `/resource_classes/${name}`);
    },
    async (index: number) => {
      const provider = random.pick(providers);
      const { generation } = await readProvider(servers.of(index), provider);
      const extra = random.below(2) === 0 ? {} : { [`CUSTOM_${random.below(3)}`]: 5 };
      return putInventories(servers.of(index), provider, generation, { VCPU: 900, ...extra });
    },
    async (index: number) => {
      const uuid = random.pick(providers);
      const parent = random.below(3) === 0 ? null : random.pick(providers);
      const body = { name: `name-${uuid}-${random.below(2)}`, parent_provider_uuid: parent };
      return servers.of(index).request("PUT", `/resource_providers/${uuid}`, { body });
    },
  ];
  const answered = new Map<number, number>();
  let ended = false;
  const traffic = crowd({ width: 6, count: 240 }, async (index) => {
    // A large change is a hundred times as much as any other.
    const pick = index % 40 === 0 ? 2 : random.pick([0, 0, 1, 3, 4, 5]);
    const answer = await actions[pick]?.(index);
    if (answer !== undefined) answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
  }).finally(() => {
    ended = true;
  });
  let checked = 0;
  do {
    const answer = await invoke({ batch_size: 1_000 });
    expect(answer.findings).toEqual([]);
    checked += answer.checked;
  } while (!ended);
  await traffic;
  expect(checked).toBeGreaterThan(500);
  expect(answered.get(204)).toBeGreaterThan(20);
  const last = await invoke({ batch_size: 1_000 });
  expect(last).toMatchObject({ findings: [], unsettled: [], next: null });
  const broken = providers[0] ?? NO_UUID;
  await handsOf(first).set(hotKey(broken), ["n"], 9_999);
  expect((await invoke({})).findings).toMatchObject([{ rule: "use" }]);
}, 180_000);
