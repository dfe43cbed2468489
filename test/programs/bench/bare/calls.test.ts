/** What a request's recorded calls become for another consumer. */
import { expect, test } from "vitest";
import { systemClock } from "../../../../lib/api/system-clock.ts";
import { uuidToBytes } from "../../../../lib/model/uuid.ts";
import type { Connection } from "../../../../lib/store/table/connection.ts";
import { seeded } from "../../../support/chance.ts";
import { CallRecorder, renamed, replay } from "./calls.ts";

const random = seeded(1);
const [first, second] = [random.uuid(), random.uuid()];

/** Answers everything at its next turn. */
function answering(sent: unknown[]): Connection {
  const send = (async (operation: string, input: unknown) => {
    sent.push([operation, input]);
    await systemClock.sleep(0);
    return {};
  }) as Connection["client"]["send"];
  return { tableName: "bench", client: { send, destroy: () => {} } };
}

const get = (pk: string) => ({ TableName: "bench", Key: { pk, sk: "SK" } });

test("calls that are under way together are one wave, and are sent again in the same order", async () => {
  const sent: unknown[] = [];
  const recorder = new CallRecorder(answering(sent));
  const { client } = recorder.connection;
  await Promise.all([client.send("GetItem", get("a")), client.send("GetItem", get("b"))]);
  await client.send("GetItem", get("c"));
  const waves = recorder.take();
  expect(waves.map((wave) => wave.length)).toEqual([2, 1]);
  expect(recorder.take()).toEqual([]);
  const again: unknown[] = [];
  await replay(answering(again), waves);
  expect(again).toEqual(sent);
});

test("another consumer takes the place of the recorded one, in keys, values and bytes", () => {
  const input = {
    TransactItems: [
      { Put: { TableName: "bench", Item: { pk: `C#${first}`, a: { [first]: [1, first] } } } },
      { Put: { TableName: "bench", Item: { pk: "X", b: uuidToBytes(first), c: new Set(["x"]) } } },
    ],
    ClientRequestToken: "token",
  };
  expect(renamed([[{ operation: "TransactWriteItems", input }]], first, second)).toEqual([
    [
      {
        operation: "TransactWriteItems",
        input: {
          TransactItems: [
            {
              Put: {
                TableName: "bench",
                Item: { pk: `C#${second}`, a: { [second]: [1, second] } },
              },
            },
            {
              Put: {
                TableName: "bench",
                Item: { pk: "X", b: uuidToBytes(second), c: new Set(["x"]) },
              },
            },
          ],
          ClientRequestToken: second,
        },
      },
    ],
  ]);
});
