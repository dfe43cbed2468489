/** A server process is killed at random moments of a large change; another one finds it made or absent. */
import { setTimeout as sleep } from "node:timers/promises";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RECORD_PREFIX, RECORDS_PK } from "../../lib/store/items/change-record.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { fastClock } from "../support/fast-clock.ts";
import { HttpClient } from "../support/http-client.ts";
import {
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  type Position,
  readPosition,
  remains,
  reshapeBody,
  sweep,
} from "../support/large-world.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const KILLS = 8;
/** Milliseconds that the change takes on a quiet machine, or more. */
const LONGEST = 250;
const HOUR = 3_600_000;
const TIMEOUT = 300_000;

let random: Chance;
let here: Api;
/** An hour later: every undecided change has expired. */
let late: Api;
let world: LargeWorld;

beforeAll(async () => {
  random = chance("large-kill");
  here = await startApi();
  late = await startApi({ tableName: here.tableName, clock: fastClock(Date.now() + HOUR) });
  world = await makeLargeWorld(here, 60);
});
afterAll(async () => {
  await late.close();
  await here.close();
});

/** Whether there is a record of a large change. */
async function begun(): Promise<boolean> {
  const { Count = 0 } = await here.client.send(
    new QueryCommand({
      TableName: here.tableName,
      ConsistentRead: true,
      KeyConditionExpression: "pk = :p AND begins_with(sk, :s)",
      ExpressionAttributeValues: { ":p": RECORDS_PK, ":s": RECORD_PREFIX },
    }),
  );
  return Count > 0;
}

/** Sends a reshape to a process of its own and kills that `delay` milliseconds after it began to write. */
async function killDuring(position: Position, delay: number): Promise<number | "no answer"> {
  const body = await reshapeBody(here, world, position);
  const program = new Program({
    args: ["--port", "0"],
    environment: { DYNAMODB_ENDPOINT: here.endpoint, TABLE_NAME: here.tableName },
  });
  const client = new HttpClient(await program.ready());
  const sent = client.send({
    method: "POST",
    path: "/reshaper",
    headers: {
      "content-type": "application/json",
      "openstack-api-version": "placement 1.39",
      "x-auth-token": "admin",
      "x-roles": "service",
    },
    body: JSON.stringify(body),
  });
  const answered = sent.then(
    ({ status }) => status,
    () => "no answer" as const,
  );
  await until("the change begins", async () => (await begun()) || undefined);
  await sleep(delay);
  await program.stop("SIGKILL");
  client.close();
  return answered;
}

test(
  "at every moment, the change is wholly applied or wholly absent",
  async () => {
    let unfinished = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await readPosition(here, world);
      const answer = await killDuring(before, random.below(LONGEST));
      const after = await readPosition(here, world);
      if (answer !== "no answer") expect(answer).toBe(204);
      if (answer === 204) expect(after.side).not.toBe(before.side);
      if (after.side === before.side) expect(after).toEqual(before);
      if (remains(await here.items()).length > 0) unfinished += 1;
      await sweep(late);
      expect((await readPosition(here, world)).side).toBe(after.side);
      await expectWhole(here);
    }
    console.log(`of ${KILLS} kills ${unfinished} left something to finish`);
  },
  TIMEOUT,
);
