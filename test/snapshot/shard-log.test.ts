/** Writers append to shard logs after the commit and before the answer; a failure undoes no change. */

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { APPEND_LIMIT } from "../../lib/store/cache/shard-log.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { logEntryOf } from "../support/shard-logs.ts";
import { claim, makeProvider, readUsages } from "../support/world.ts";

const faulty = useFaulty({ verified: "after-each" });
let provider: Uuid;

beforeAll(async () => {
  provider = await makeProvider(faulty.sound, { VCPU: 1_000 });
});

const isHead = ({ command }: Call) => command === "Update";

const readEntry = () => logEntryOf(faulty.sound, provider);

const claimOne = () => claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });

const denied = () =>
  Object.assign(new Error("denied"), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });

describe.each([
  ...Object.entries({ ...LOSSES, ...THROTTLES, ...CONFLICTS }).filter(
    ([what]) => !what.startsWith("a transaction") && !what.includes("beside"),
  ),
  ["AccessDenied", denied] as const,
])("%s", (_, error) => {
  test("that prevents the append does not undo the write, and is logged", async () => {
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    const logged = faulty.api.logs.length;
    const slept = faulty.clock.slept;
    faulty.interpose(failBefore(Number.POSITIVE_INFINITY, isHead, error));
    expect((await claimOne()).status).toBe(204);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
    expect(faulty.api.logs.slice(logged)).toContainEqual(
      expect.objectContaining({ metric: "HeadNotRaised", shards: [shardOf(provider)] }),
    );
    expect(faulty.clock.slept - slept).toBeLessThanOrEqual(APPEND_LIMIT);
  });
});

test.each(Object.entries({ ...LOSSES, ...THROTTLES }))(
  "an append succeeds in spite of %s",
  async (what, error) => {
    if (what.startsWith("a transaction")) return;
    const before = await readEntry();
    faulty.interpose(failBefore(2, isHead, error));
    expect((await claimOne()).status).toBe(204);
    expect((await readEntry()).version).toBe(before.version + 1);
  },
);

test("an append whose answer was lost is repeated, and the log still names the provider", async () => {
  const before = await readEntry();
  faulty.interpose(loseAnswers(1, isHead, () => new Error("lost")));
  expect((await claimOne()).status).toBe(204);
  const { version, stamp } = await readEntry();
  expect(version).toBe(before.version + 2);
  expect(stamp).toBe(version);
});

test("the append precedes the acknowledgement of the write, and names the provider", async () => {
  for (let count = 0; count < 50; count += 1) {
    const before = await readEntry();
    expect((await claimOne()).status).toBe(204);
    const { version, stamp, entries } = await readEntry();
    expect(version).toBe(before.version + 1);
    expect(stamp).toBe(version);
    expect(entries).toBe(1);
  }
});

test("a write that is refused appends nothing", async () => {
  const before = await readEntry();
  expect((await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 5_000 } })).status).toBe(409);
  expect(await readEntry()).toEqual(before);
});
