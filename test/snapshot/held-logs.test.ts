/** Shard logs in memory: what they have, and that no call is about those of the table. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../lib/api/system-random.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { MAX_HELD, MemoryLogs } from "../../lib/store/cache/held-logs.ts";
import { COMMIT_INDEX_KEY } from "../../lib/store/items/commit-index.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { LOGS, logOf } from "../../lib/store/items/shard-log.ts";
import type { Call } from "../support/interpose.ts";
import { isLogAppend, isLogReading } from "../support/shard-logs.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { claim, makeProvider, readUsages, release } from "../support/world.ts";

describe("a log in memory", () => {
  const uuids = (count: number) => Array.from({ length: count }, () => systemRandom.uuid());
  const changed = (...providers: readonly Uuid[]) => new Map([[5, new Set(providers)]]);
  const read = (logs: MemoryLogs) => {
    const log = logOf(logs.items[5]);
    if (log === undefined) throw new Error("that is no log");
    return log;
  };

  test("begins without entries, as those of a new table", () => {
    const logs = new MemoryLogs();
    expect(logs.items).toHaveLength(LOGS);
    expect(read(logs)).toEqual({ counter: 1, base: 1, stamps: new Map() });
  });

  test("names what changed last, once, and leaves what was read as it is", () => {
    const logs = new MemoryLogs();
    const [a, b] = uuids(2) as [Uuid, Uuid];
    logs.append(changed(a));
    const before = read(logs);
    const items = logs.items;
    logs.append(changed(b));
    logs.append(changed(a));
    expect(before).toEqual({ counter: 2, base: 1, stamps: new Map([[a, 2]]) });
    expect(logOf(items[5])).toEqual(before);
    expect(read(logs)).toEqual({
      counter: 4,
      base: 1,
      stamps: new Map([
        [b, 3],
        [a, 4],
      ]),
    });
  });

  test("has room for some, and its base is the stamp of the last that it forgot", () => {
    const logs = new MemoryLogs();
    const many = uuids(MAX_HELD + 3);
    for (const uuid of many) logs.append(changed(uuid));
    const { base, counter, stamps } = read(logs);
    expect([stamps.size, base, counter]).toEqual([MAX_HELD, 4, MAX_HELD + 4]);
    expect([...stamps.keys()]).toEqual(many.slice(3));
    logs.append(changed(...uuids(100)));
    expect(read(logs)).toMatchObject({ base: MAX_HELD + 5, counter: MAX_HELD + 5 });
  });

  test("that is reset names nothing, and reaches back to nothing", () => {
    const logs = new MemoryLogs();
    logs.append(changed(...uuids(2)));
    logs.reset();
    expect(read(logs)).toEqual({ counter: 3, base: 3, stamps: new Map() });
  });
});

describe("a process that holds them", () => {
  let warm: Warm;
  let provider: Uuid;
  const about: Call[] = [];
  const watched = (call: Call) => {
    if (isLogAppend(call) || isLogReading(call)) about.push(call);
    return call.send();
  };

  beforeAll(async () => {
    warm = await startWarm({ heldLogs: new MemoryLogs() });
    warm.holdReader(watched);
    warm.holdWriter(watched);
    provider = await makeProvider(warm.writer, { VCPU: 100 });
  });
  beforeEach(() => {
    about.length = 0;
  });
  afterAll(() => warm.close());

  const searched = async () => {
    const answer = await warm.reader.request("GET", "/allocation_candidates?resources=VCPU:1");
    expect(answer.status).toBe(200);
    const { provider_summaries: shown } = answer.body;
    return shown[provider]?.resources.VCPU.used;
  };

  test("sees each change at once, and neither appends to those of the table nor reads them", async () => {
    expect(await searched()).toBe(0);
    const consumer = randomUUID();
    await claim(warm.writer, consumer, { [provider]: { VCPU: 3 } });
    expect(await searched()).toBe(3);
    await release(warm.writer, consumer);
    expect(await searched()).toBe(0);
    expect(await readUsages(warm.reader, provider)).toEqual({ VCPU: 0 });
    await warm.exactView();
    expect(about).toEqual([]);
  });

  test("reads what changed alone", async () => {
    await makeProvider(warm.writer, { VCPU: 1 });
    await warm.view();
    warm.reads();
    await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 1 } });
    await warm.view();
    const keys = warm.reads().calls.flatMap((call) => call.keys.map(({ pk, sk }) => ({ pk, sk })));
    expect(keys.filter(({ pk }) => pk !== COMMIT_INDEX_KEY.pk)).toEqual([hotKey(provider)]);
  });
});
