/** Each invocation of a task is told with what it changed, and nothing of its event is. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { tasks } from "../../functions/index.ts";
import { canary } from "../../functions/maintenance/canary.ts";
import { deleteIdleConsumers } from "../../functions/maintenance/delete-idle-consumers.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { rebuildRecords } from "../../functions/maintenance/rebuild-records.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { MAX_NAMES_BYTES } from "../../lib/api/logged-names.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { type AnyTask, defineTask } from "../../lib/api/task-definition.ts";
import { Busy } from "../../lib/store/table/refusals.ts";
import { DAMAGES, handsOf, makeWorld } from "../maintenance/damage.ts";
import { type Api, startApi } from "../support/api.ts";
import { gatewayEvent, SIGNER } from "../support/events.ts";
import { lambdaContext } from "../support/lambda-context.ts";

const CONTEXT = { ...lambdaContext(undefined), awsRequestId: "aws-id" };

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

type Line = Readonly<Record<string, unknown>>;

/** What is logged of an invocation, its answer's line apart. */
async function linesOf(task: AnyTask, event: unknown): Promise<Line[]> {
  const before = api.logs.length;
  await taskLambda(task, async () => api.runtime)(event, CONTEXT).catch(() => undefined);
  return api.logs.slice(before).filter(({ message }) => message === "task");
}

async function idleConsumer(): Promise<string> {
  const uuid = randomUUID();
  const body = { uuid, project_id: "p", user_id: "u" };
  expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
  return uuid;
}

describe("an invocation", () => {
  const INPUTS = new Map<AnyTask, object>([
    [deleteIdleConsumers, { older_than: 3_600 }],
    [feedEvents, { Records: [] }],
  ]);

  test("that changes nothing is one line, of every task", async () => {
    for (const task of tasks.filter((each) => each !== canary)) {
      expect(await linesOf(task, INPUTS.get(task) ?? {})).toEqual([
        {
          level: "INFO",
          message: "task",
          task: task.id,
          awsRequestId: "aws-id",
          status: "ok",
          code: null,
          latency: expect.any(Number),
          retries: expect.any(Number),
          changed: [],
          changes: 0,
          line: 1,
          lines: 1,
          metrics: expect.objectContaining({ TaskRuns: 1 }),
        },
      ]);
    }
  });

  test("names the consumers that it deleted", async () => {
    const uuids = [await idleConsumer(), await idleConsumer()];
    const [line = {}] = await linesOf(deleteIdleConsumers, { consumers: uuids });
    expect(line).toMatchObject({ status: "ok", changes: 2, lines: 1 });
    expect([...(line["changed"] as string[])].sort()).toEqual([...uuids].sort());
  });

  test.each([
    [rebuildRecords, {}],
    [verifyRecords, { repair: true }],
  ] as const)("names what it repaired: $id", async (task, event) => {
    const hands = handsOf(api, await makeWorld(api));
    const before = new Map((await api.items()).map((item) => [`${item.pk} ${item.sk}`, item]));
    const lookups = DAMAGES.filter(({ rules }) => rules.includes("consumer-lookup"));
    expect(lookups.length).toBeGreaterThan(0);
    await lookups[0]?.do(hands);
    const broken = new Map((await api.items()).map((item) => [`${item.pk} ${item.sk}`, item]));
    const lost = [...before].filter(([key]) => !broken.has(key)).map(([, { sk }]) => sk);
    expect(lost.length).toBeGreaterThan(0);
    const [line = {}] = await linesOf(task, event);
    const changed = line["changed"] as string[];
    expect(changed.length).toBeGreaterThan(0);
    for (const sk of lost) expect(changed.some((name) => sk.includes(name))).toBe(true);
    const [again] = await linesOf(task, event);
    expect(again).toMatchObject({ changed: [], changes: 0 });
  });

  test("tells what it had changed when it failed, and how", async () => {
    const uuid = randomUUID();
    const task = (error: Error) =>
      defineTask({
        id: "test/fails",
        summary: "Fail",
        access: [],
        input: z.strictObject({}),
        run: async (_, { changed }) => {
          changed(uuid);
          throw error;
        },
      });
    for (const error of [new Busy(), new TypeError("broken")]) {
      expect(await linesOf(task(error), {})).toMatchObject([
        {
          status: "error",
          code: expect.stringMatching(/^placement\./),
          changed: [uuid],
          changes: 1,
        },
      ]);
    }
    expect(await linesOf(deleteIdleConsumers, { colour: "blue" })).toMatchObject([
      { status: "error", changed: [] },
    ]);
  });

  test("is several lines if one cannot name all", async () => {
    const uuids = Array.from({ length: 12_000 }, () => randomUUID());
    const task = defineTask({
      id: "test/many",
      summary: "Change many",
      access: [],
      input: z.strictObject({}),
      run: async (_, { changed }) => changed(...uuids),
    });
    const lines = await linesOf(task, {});
    expect(lines.map(({ line, lines: all }) => [line, all])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(lines.flatMap(({ changed }) => changed)).toEqual(uuids);
    for (const line of lines) {
      expect(line["changes"]).toBe(12_000);
      expect(JSON.stringify(line).length).toBeLessThan(MAX_NAMES_BYTES + 1_000);
    }
  });
});

describe.each(tasks.map((task) => [task.id, task] as const))("%s", (_, task) => {
  const invoke = (event: unknown) => taskLambda(task, async () => api.runtime)(event);

  test("repeats no value of an event that it does not take", async () => {
    const secret = "s3cr3t-c4nary";
    const wanted = { method: "GET", path: "/", headers: { authorization: secret } };
    const { event } = gatewayEvent(wanted, { signer: SIGNER });
    await expect(invoke(event)).rejects.toMatchObject({
      name: "MalformedEvent",
      message: "The event is one of API Gateway, which this function does not take.",
    });
    for (const given of [
      secret,
      [secret],
      { headers: { authorization: secret } },
      { batch_size: secret },
      { batch_size: [secret] },
      { batch_size: 10, token: secret, ["k".repeat(5_000)]: 1 },
      { older_than: secret, consumers: [secret], repair: secret, after: `${secret}!` },
    ]) {
      const error = await invoke(given).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.name).toBe("InvalidBody");
      expect(error?.message).toMatch(/^JSON does not validate: .+, on instance|k{100}/);
      expect(error?.message).not.toContain(secret);
      expect(error?.message.length).toBeLessThan(600);
    }
    expect(JSON.stringify(api.logs)).not.toContain(secret);
  });
});
