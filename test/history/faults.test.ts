/** Events are there exactly with their changes: under lost answers, and of large changes. */
import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { consumerEventKey } from "../../lib/store/items/event.ts";
import { isWrite } from "../support/between.ts";
import { LOST } from "../support/faults.ts";
import { loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import { brokenLives, historyOf, steps } from "../support/history.ts";
import { largeServers } from "../support/large-servers.ts";
import { readPosition, sweep } from "../support/large-world.ts";
import { isCommit } from "../support/mortal.ts";
import { REPEATS } from "../support/repeats.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ repeats });
  const [lost] = LOST;

  test("a write whose answers are lost is told once", async () => {
    const host = await makeProvider(faulty.sound, { VCPU: 10 });
    const uuid = randomUUID();
    for (const write of [
      () => claim(faulty.api, uuid, { [host]: { VCPU: 1 } }),
      () => claim(faulty.api, uuid, { [host]: { VCPU: 2 } }, 1),
      () => release(faulty.api, uuid),
    ]) {
      faulty.interpose(loseAnswers(2, isWrite, lost?.[1] ?? Error));
      expect((await write()).status).toBe(204);
    }
    const events = await historyOf(faulty.sound, "consumers", uuid);
    expect(steps(events)).toEqual([
      "allocation.create null>1",
      "allocation.update 1>2",
      "allocation.delete 2>null",
    ]);
    expect(brokenLives(events)).toEqual([]);
  });

  test("an event in the place of another one hinders no change, and is told as well", async () => {
    const host = await makeProvider(faulty.sound, { VCPU: 10 });
    const uuid = randomUUID();
    await claim(faulty.sound, uuid, { [host]: { VCPU: 1 } });
    const shown = (await faulty.sound.request("GET", `/consumers/${uuid}`)).body;
    const life = { created: Date.parse(shown.created_at), id: shown.life };
    const items = await faulty.sound.items();
    const first = items.find(({ pk }) => pk === `EVENT#${uuid}`);
    const part = { generation: 2, part: [] } as const;
    // As after a restore of the consumer alone, which was changed before.
    const Item = { ...first, ...consumerEventKey(uuidOf(uuid), life, part), b: 1, g: 2 };
    await faulty.sound.client.send(new PutCommand({ TableName: faulty.sound.tableName, Item }));
    expect((await claim(faulty.api, uuid, { [host]: { VCPU: 2 } }, 1)).status).toBe(204);
    const events = await historyOf(faulty.sound, "consumers", uuid);
    expect(steps(events).slice(1)).toEqual(["allocation.create 1>2", "allocation.update 1>2"]);
    expect(events.at(-1)?.id).toMatch(`${uuid}.${shown.life}.2.also.`);
  });
});

describe("a large change", () => {
  const large = largeServers();

  test("shows none of its events before its decision, and all of them from then on", async () => {
    const { sides, consumers } = large.world;
    const seen: number[][] = [];
    const count = async () => {
      const of = [
        ...consumers.map((uuid) => historyOf(large.reader, "consumers", uuid)),
        ...sides.map((uuid) => historyOf(large.reader, "resource_providers", uuid)),
      ];
      const counts = (await Promise.all(of)).map(({ length }) => length);
      seen.push([...new Set(counts.slice(0, consumers.length))], counts.slice(consumers.length));
    };
    const before = await readPosition(large.reader, large.world);
    large.slow.between = async (call) => {
      if (!isCommit(call)) return call.send();
      await count();
      const answer = await call.send();
      await count();
      return answer;
    };
    expect((await large.reshape(large.slow, before)).status).toBe(204);
    await count();
    const [a = [], b = []] = seen;
    const after = [[(a[0] ?? 0) + 1], b.map((each) => each + 1)];
    expect(a).toHaveLength(1);
    expect(seen).toEqual([a, b, ...after, ...after]);
    const told = await Promise.all(
      consumers.map((uuid) => historyOf(large.reader, "consumers", uuid)),
    );
    expect(told.flatMap(brokenLives)).toEqual([]);
    const changes = new Set(told.map((events) => events.at(-1)?.change_id));
    expect(changes.size).toBe(1);
    expect(told[0]?.at(-1)?.change_size).toBe(consumers.length + sides.length);
  });

  test("that is aborted has none", async () => {
    const { consumers } = large.world;
    const before = await readPosition(large.reader, large.world);
    const [uuid = ""] = consumers;
    const told = await historyOf(large.reader, "consumers", uuid);
    large.slow.between = async (call) => {
      if (isCommit(call))
        throw Object.assign(new Error("injected"), { name: "ValidationException" });
      return call.send();
    };
    expect((await large.reshape(large.slow, before)).status).toBeGreaterThanOrEqual(500);
    expect(await historyOf(large.reader, "consumers", uuid)).toEqual(told);
    await sweep(large.late);
    const items = (await large.reader.items()).filter(({ pk }) => pk === `EVENT#${uuid}`);
    expect(items).toHaveLength(told.length);
  });
});
