/** A large change that was aborted while it writes its intents writes no more of them. */
import { randomUUID } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { RECORD_PREFIX } from "../../lib/store/items/change-record.ts";
import { INTENT } from "../../lib/store/table/expressions.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Call, interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claimBody, makeProvider } from "../support/world.ts";

let quick: Api;
let slow: Api;
/** Transactions of the slow server that write intents. */
let intentWrites = 0;
let intentsAfter: number | undefined;

/** The record that a transaction checks while it writes intents to other items. */
function recordOf({ command, keys }: Call) {
  const record = keys.find(({ sk }) => sk.startsWith(RECORD_PREFIX));
  const others = keys.filter(({ pk }) => !pk.startsWith("CHANGE"));
  return command === "TransactWrite" && others.length > 0 ? record : undefined;
}

async function abort({ pk, sk }: { readonly pk: string; readonly sk: string }): Promise<void> {
  await quick.client.send(
    new UpdateCommand({
      TableName: quick.tableName,
      Key: { pk, sk },
      UpdateExpression: "SET #s = :s",
      ExpressionAttributeNames: { "#s": "s" },
      ExpressionAttributeValues: { ":s": "aborted" },
    }),
  );
  const swept = await taskLambda(finishChanges, async () => quick.runtime)({});
  expect(swept).toMatchObject({ found: 1, done: 1 });
}

beforeAll(async () => {
  quick = await startApi();
  slow = await startApi({
    tableName: quick.tableName,
    connection: (connection) =>
      interpose(connection, async (call) => {
        const record = recordOf(call);
        if (record === undefined) return call.send();
        intentWrites += 1;
        if (intentWrites !== 2) return call.send();
        await abort(record);
        try {
          return await call.send();
        } finally {
          intentsAfter = (await quick.items()).filter((item) => INTENT in item).length;
        }
      }),
  });
});
afterAll(async () => {
  await slow.close();
  await quick.close();
});

test("and is made from the start, or not at all", async () => {
  const provider = await makeProvider(quick, { VCPU: 100 });
  const claims = Array.from({ length: 40 }, () => [
    randomUUID(),
    claimBody({ [provider]: { VCPU: 1 } }, null),
  ]);
  const body = Object.fromEntries(claims);
  const answer = await slow.request("POST", "/allocations", { body });
  expect(intentWrites).toBeGreaterThan(2);
  expect(intentsAfter).toBe(0);
  expect(answer.status).toBe(204);
  expect(brokenInvariants(await quick.items())).toEqual([]);
});
