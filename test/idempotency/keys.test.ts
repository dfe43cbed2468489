/** What a key stands for: one caller's one request, for a day. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import type { DirectResult } from "../../lib/api/direct.ts";
import { type LambdaHandler, lambda } from "../../lib/api/lambda.ts";
import type { Api, RequestOptions } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { isReplayed, keptIn, keyed, told } from "../support/keyed.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { detailOf } from "../support/world.ts";

const DAY = 24 * 3_600_000;
const clock = fastClock();
const api = useApi({ clock });

const create = (key: string, name: string, options: RequestOptions = {}) =>
  api.request("POST", "/resource_providers", {
    body: { name },
    ...options,
    headers: { ...keyed(key), ...options.headers },
  });

describe("another request under the same key", () => {
  const key = randomUUID();
  const name = `first-${key}`;
  const at = `/resource_providers/${randomUUID()}`;

  beforeAll(async () => {
    expect((await create(key, name)).status).toBe(200);
  });

  test.each<[string, () => ReturnType<Api["request"]>]>([
    ["of another body", () => create(key, `other-${key}`)],
    ["of another version", () => create(key, name, { version: "1.38" })],
    ["of another path", () => api.request("DELETE", at, { headers: keyed(key) })],
    [
      "of another query",
      () => api.request("POST", "/resource_providers?x=1", { body: { name }, headers: keyed(key) }),
    ],
  ])("%s is refused, and nothing is written", async (_, send) => {
    const before = await api.items();
    const answer = await send();
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({
      title: "Unprocessable Entity",
      code: "placement.idempotency_key.reused",
    });
    expect(detailOf(answer)).toContain("was used for another request");
    expect(await api.items()).toEqual(before);
  });

  test("of another order of the same JSON is the same request", async () => {
    const send = (body: string) =>
      api.request("POST", "/resource_providers", {
        body,
        headers: { ...keyed(`order-${key}`), "content-type": "application/json" },
      });
    const uuid = randomUUID();
    const first = await send(`{"name": "order-${key}", "uuid": "${uuid}"}`);
    const second = await send(`{"uuid":"${uuid}","name":"order-${key}"}`);
    expect(told(second)).toEqual(told(first));
    expect(isReplayed(second)).toBe(true);
  });
});

test("the same key of another caller is another key", async () => {
  const key = randomUUID();
  const calls = [
    { token: "admin" },
    { token: "other", roles: "admin" },
    { token: "admin:project", roles: "admin" },
  ];
  for (const [index, options] of calls.entries()) {
    const answer = await create(key, `caller-${index}-${key}`, options);
    expect(answer.status, JSON.stringify(options)).toBe(200);
    expect(isReplayed(answer)).toBe(false);
  }
});

test("a caller that has lost its role is refused, whatever was kept", async () => {
  const key = randomUUID();
  expect((await create(key, `role-${key}`)).status).toBe(200);
  expect((await create(key, `role-${key}`, { roles: "reader" })).status).toBe(403);
});

describe("after a day", () => {
  test("a key is free again, whether its record is still there or not", async () => {
    const key = randomUUID();
    const first = await create(key, `day-${key}`);
    expect(first.status).toBe(200);
    clock.pass(DAY - 10_000);
    expect(isReplayed(await create(key, `day-${key}`))).toBe(true);
    clock.pass(20_000);
    const again = await create(key, `day-${key}`);
    expect(again.status).toBe(409);
    const other = await create(key, `next-day-${key}`);
    expect(other.status).toBe(200);
    expect(isReplayed(other)).toBe(false);
    expect(isReplayed(await create(key, `next-day-${key}`))).toBe(true);
  });

  test("two requests at once that find an old record are one", async () => {
    const key = randomUUID();
    await create(key, `old-${key}`);
    clock.pass(DAY + 10_000);
    const answers = await Promise.all([create(key, `new-${key}`), create(key, `new-${key}`)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(told(answers[0])).toEqual(told(answers[1]));
  });
});

describe("a key", () => {
  test.each([
    ["nothing", ""],
    ["a space", "a b"],
    ["a comma", "a,b"],
    ["more than 255 characters", "a".repeat(256)],
    ["what is no ASCII", "caf\u00e9"],
    ["a tab", "a\tb"],
  ])("of %s is refused", async (_, key) => {
    const before = keptIn(await api.items());
    const answer = await create(key, `bad-${randomUUID()}`);
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toContain("An Idempotency-Key has 1 to 255 visible ASCII characters");
    expect(keptIn(await api.items())).toEqual(before);
  });

  test("that is sent twice in one request is refused", async () => {
    const headers = { "idempotency-key": ["a", "b"] };
    const body = { name: `twice-${randomUUID()}` };
    const answer = await api.request("POST", "/resource_providers", { body, headers });
    expect(answer.status).toBe(400);
  });

  test.each([["a".repeat(255)], ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'], ["!~"]])(
    "as long or as odd as it may be is taken: %s",
    async (key) => {
      const name = `odd-${randomUUID()}`;
      expect((await create(key, name)).status).toBe(200);
      expect(isReplayed(await create(key, name))).toBe(true);
    },
  );
});

describe("a direct invocation", () => {
  let handler: LambdaHandler;
  let runs = 0;

  beforeAll(() => {
    const counted: typeof createResourceProvider = {
      ...createResourceProvider,
      run: (request, services) => {
        runs += 1;
        return createResourceProvider.run(request, services);
      },
    };
    handler = lambda(counted, async () => ({
      ...api.runtime,
      configuration: { ...api.runtime.configuration, directRoles: ["service"] },
    }));
  });

  const invoke = (name: string, idempotencyKey?: string) =>
    handler(
      {
        version: "1.39",
        body: { name },
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      },
      lambdaContext("direct"),
    ) as Promise<DirectResult<{ uuid: string }>>;

  test("takes a key too", async () => {
    const key = randomUUID();
    const first = await invoke(`direct-${key}`, key);
    const second = await invoke(`direct-${key}`, key);
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect((await invoke(`direct-2-${key}`, key)).status).toBe(422);
    expect((await invoke(`direct-${key}`)).status).toBe(409);
    expect((await invoke(`direct-3-${key}`, "a b")).status).toBe(400);
  });

  test("runs its operation once under a key, and not at all for a repeat", async () => {
    const key = randomUUID();
    runs = 0;
    expect((await invoke(`once-${key}`, key)).status).toBe(200);
    expect(runs).toBe(1);
    expect((await invoke(`once-${key}`, key)).status).toBe(200);
    expect(runs).toBe(1);
  });
});
