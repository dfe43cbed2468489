/** The maintenance functions, as a schedule or a direct caller invokes them. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { tasks } from "../../functions/index.ts";
import { canary } from "../../functions/maintenance/canary.ts";
import { deleteIdleConsumers } from "../../functions/maintenance/delete-idle-consumers.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { claim, makeProvider } from "../support/world.ts";

const clock = fastClock();

const api = useApi({ clock });

beforeAll(async () => {
  const provider = await makeProvider(api, { VCPU: 100 });
  for (let count = 0; count < 5; count += 1) {
    await claim(api, randomUUID(), { [provider]: { VCPU: 1 } });
    const body = { project_id: "p", user_id: "u" };
    expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
  }
});

/** All items but the places of walks and the pages of profiles. */
const records = async () => (await api.items()).filter(({ pk }) => !/^(META|PAGES)#/.test(pk));

const invoke = (task: (typeof tasks)[number], event: unknown) =>
  taskLambda(task, async () => api.runtime)(event);

/**
 * The canary is no task for a table that is to stay as it is, and a stream determines the input of
 * the one that feeds events: canary.test.ts and events/stream.test.ts test them.
 */
const others = tasks.filter((task) => task !== canary && task !== feedEvents);

describe.each(others.map((task) => [task.id, task] as const))("%s", (id, task) => {
  const age = id === "maintenance/delete-idle-consumers" ? { older_than: 3_600 } : {};
  // It does not work in batches, and reports otherwise.
  const upgrades = id === "maintenance/upgrade-table";

  test("answers with what it found and did, and leaves a whole table as it is", async () => {
    const before = await records();
    const batches = upgrades
      ? []
      : [
          { batch_size: 10, ...age },
          { batch_size: 1, ...age },
        ];
    for (const event of [...batches, age]) {
      const report = await invoke(task, event);
      expect(report).toMatchObject(
        upgrades
          ? { removed: 0, complete: true }
          : { found: expect.any(Number), done: expect.any(Number) },
      );
      const logged = { level: "INFO", message: "task done", task: id, answer: report };
      expect(api.logs.at(-1)).toEqual(logged);
    }
    expect(await records()).toEqual(before);
    expect(brokenInvariants(await api.items())).toEqual([]);
  });

  test.each([
    [{ batch_size: 0 }],
    [{ batch_size: 10_001 }],
    [{ batch_size: "10" }],
    [{ batch_size: 1.5 }],
    [{ batch_size: 10, colour: "blue" }],
    [[]],
    ["all"],
  ])("refuses %j as the invocation's error", async (event) => {
    const before = await api.items();
    const given = Array.isArray(event) || typeof event === "string" ? event : { ...age, ...event };
    await expect(invoke(task, given)).rejects.toMatchObject({
      name: "InvalidBody",
      status: 400,
      message: expect.stringMatching(/^JSON does not validate: /),
    });
    expect(await api.items()).toEqual(before);
  });
});

test("idle consumers are swept in batches, oldest first, those that hold something never", async () => {
  clock.pass(3_601_000);
  const sweep = (batch_size: number) =>
    invoke(deleteIdleConsumers, { batch_size, older_than: 3_600 });
  expect(await sweep(3)).toEqual({ found: 3, done: 3 });
  expect(await sweep(3)).toEqual({ found: 2, done: 2 });
  expect(await sweep(3)).toEqual({ found: 0, done: 0 });
  const consumers = (await api.items()).filter(({ pk }) => pk.startsWith("CONSUMER#"));
  expect(consumers).toHaveLength(5);
});
