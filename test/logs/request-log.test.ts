/** One line for each request, whatever comes of it, and nothing secret in it. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { showResourceProvider } from "../../functions/resource-providers/show.ts";
import { updateTrait } from "../../functions/traits/update.ts";
import { consoleLog } from "../../lib/api/console-log.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { methodOf } from "../../lib/api/operation.ts";
import { MAX_LOGGED, MAX_SUBJECTS } from "../../lib/api/pipeline/log.ts";
import type { Api } from "../support/api.ts";
import { deployedAs, examplePath, gatewayEvent, SIGNER } from "../support/events.ts";
import { everyWrite, sendStep, type WriteStep } from "../support/every-write.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { printedBy } from "../support/printed.ts";
import { SPELLINGS } from "../support/spellings.ts";
import { claimBody, makeProvider } from "../support/world.ts";

const SECRET = "s3cr3t-c4nary";
const ORIGIN = "https://horizon.example";

const api = useApi({ configuration: { corsOrigins: [ORIGIN] } });

type Line = Readonly<Record<string, unknown>>;

/** What is logged of requests while `work` runs. */
async function linesOf(work: () => Promise<unknown>, of: Api = api): Promise<Line[]> {
  const before = of.logs.length;
  await work();
  return of.logs.slice(before).filter(({ message }) => message === "request");
}

async function lineOf(work: () => Promise<unknown>, of?: Api): Promise<Line> {
  const lines = await linesOf(work, of);
  expect(lines).toHaveLength(1);
  return lines[0] ?? {};
}

describe("a request over HTTP", () => {
  test("is told with who asked, for what, and what came of it", async () => {
    const uuid = randomUUID();
    const globalId = `req-${randomUUID()}`;
    let requestId = "";
    const line = await lineOf(async () => {
      const body = { name: uuid, uuid };
      const headers = { "x-openstack-request-id": globalId };
      const token = "ann:project";
      const options = { body, headers, token, roles: "admin" };
      const answer = await api.request("POST", "/resource_providers", options);
      requestId = String(answer.headers["x-openstack-request-id"]);
    });
    expect(line).toEqual({
      level: "INFO",
      message: "request",
      source: "http",
      operation: "resource-providers/create",
      caller: "ann",
      project: "project",
      kind: null,
      subject: [uuid],
      subjects: 1,
      status: 200,
      code: null,
      latency: expect.any(Number),
      retries: 0,
      requestId,
      gatewayRequestId: expect.stringMatching(/^[\w+/=]{16}$/),
      awsRequestId: expect.any(String),
      globalRequestId: globalId,
      metrics: {
        Requests: 1,
        Latency: line["latency"],
        ReadUnits: expect.any(Number),
        WriteUnits: expect.any(Number),
      },
    });
  });

  test("is told by the ids of API Gateway and Lambda", async () => {
    const handler = lambda(updateTrait, async () => deployedAs(api.runtime));
    const { event } = gatewayEvent({ method: "PUT", path: "/traits/CUSTOM_A" }, { signer: SIGNER });
    const requestContext = { ...event.requestContext, requestId: "gateway-id=" };
    const context = { ...lambdaContext("http"), awsRequestId: "aws-id" };
    expect(await lineOf(() => handler({ ...event, requestContext }, context))).toMatchObject({
      gatewayRequestId: "gateway-id=",
      awsRequestId: "aws-id",
      caller: "arn:aws:iam::123456789012:role/nova",
      project: "123456789012",
      kind: "iam",
      subject: ["CUSTOM_A"],
      status: 201,
    });
  });

  test("takes as long as the clock says", async () => {
    const clock = fastClock();
    const handler = lambda(refuseUnrouted, async () => ({
      ...deployedAs(api.runtime),
      clock,
      identify: async () => {
        clock.pass(1_234);
        return undefined;
      },
    }));
    const { event } = gatewayEvent({ method: "GET", path: "/nowhere" });
    const { latency } = await lineOf(() => handler(event, lambdaContext("http")));
    expect(latency).toBeGreaterThanOrEqual(1_234);
    expect(latency).toBeLessThan(60_000);
  });

  test.each([
    [
      "no token",
      401,
      "placement.undefined_code",
      () => api.request("GET", "/traits", { token: null }),
    ],
    [
      "no role",
      403,
      "placement.undefined_code",
      () => api.request("GET", "/traits", { roles: "" }),
    ],
    [
      "an odd version",
      406,
      "placement.undefined_code",
      () => api.request("GET", "/traits", { version: "9.9" }),
    ],
    ["no route", 404, "placement.undefined_code", () => api.request("GET", "/nowhere")],
    [
      "bad JSON",
      400,
      "placement.undefined_code",
      () =>
        api.request("POST", "/allocations", {
          body: "{",
          headers: { "content-type": "application/json" },
        }),
    ],
    [
      "a stale generation",
      409,
      "placement.concurrent_update",
      () =>
        api.request("PUT", `/allocations/${randomUUID()}`, {
          body: claimBody({ [randomUUID()]: { VCPU: 1 } }, 5),
        }),
    ],
    [
      "a preflight",
      200,
      null,
      () => api.request("OPTIONS", "/traits", { token: null, headers: { origin: ORIGIN } }),
    ],
    ["the root", 200, null, () => api.request("GET", "/", { token: null })],
  ])("that has %s is one line too", async (_, status, code, send) => {
    expect(await lineOf(send)).toMatchObject({ level: "INFO", status, code });
  });

  test("that fails in a way nobody foresaw is one line, beside its error", async () => {
    const handler = lambda(updateTrait, async () => ({
      ...deployedAs(api.runtime),
      log: (entry: Line) => seen.push(entry),
      openStore: () => {
        throw new TypeError("broken");
      },
    }));
    const seen: Line[] = [];
    const { event } = gatewayEvent({ method: "PUT", path: "/traits/CUSTOM_A" }, { signer: SIGNER });
    expect(await handler(event, lambdaContext("http"))).toMatchObject({ statusCode: 503 });
    expect(seen.map(({ level, message }) => [level, message])).toEqual([
      ["ERROR", "unexpected failure"],
      ["INFO", "request"],
    ]);
    expect(seen[1]).toMatchObject({ status: 503, code: "placement.undefined_code" });
  });
});

test("a line that cannot be made takes no answer away", async () => {
  const seen: Line[] = [];
  const operation = {
    ...createResourceProvider,
    actsOn: () => {
      throw new TypeError("broken");
    },
  };
  const log = (entry: Line) => seen.push(entry);
  const handler = lambda(operation, async () => ({ ...deployedAs(api.runtime), log }));
  const wanted = { method: "POST", path: "/resource_providers", body: { name: randomUUID() } };
  const { event } = gatewayEvent(wanted, { signer: SIGNER });
  expect(await handler(event, lambdaContext("http"))).toMatchObject({ statusCode: 200 });
  expect(seen).toMatchObject([
    { level: "ERROR", message: "a request could not be logged", operation: operation.id },
  ]);
});

describe("a direct invocation", () => {
  const invoke = (event: unknown) =>
    lambda(createResourceProvider, async () => api.runtime)(event, lambdaContext("direct"));

  test("is told with the name that the caller gives itself", async () => {
    const body = { name: randomUUID() };
    const line = await lineOf(() => invoke({ version: "1.39", body, caller: "scheduler" }));
    expect(line).toMatchObject({
      source: "direct",
      caller: "scheduler",
      project: null,
      kind: null,
      status: 200,
      gatewayRequestId: null,
      awsRequestId: "test",
    });
    expect(line["subject"]).toHaveLength(1);
  });

  test("without a name has none, and an event that is none is a line too", async () => {
    const body = { name: randomUUID() };
    expect(await lineOf(() => invoke({ version: "1.39", body }))).toMatchObject({ caller: null });
    for (const event of [null, "x", {}, { requestContext: {} }]) {
      const line = await lineOf(() => invoke(event));
      expect(line).toMatchObject({ source: "direct", caller: null, subject: [], status: 400 });
    }
  });
});

describe("the subject", () => {
  test("of every write names what it changed", async () => {
    const provider = await makeProvider(api, { VCPU: 100 });
    for (const step of everyWrite(provider)) {
      const { subject, status } = await lineOf(() => sendStep(api, step));
      expect([step.what, status]).toEqual([step.what, step.status]);
      expect(subject, step.what).toEqual(expect.arrayContaining(changedBy(step)));
    }
  });

  test("of a write names all of the many that it changed, consumers and providers", async () => {
    const names = Array.from({ length: 60 }, () => randomUUID() as string);
    const provider = await makeProvider(api, { VCPU: 100 });
    const claims = names.map((each) => [each, claimBody({ [provider]: { VCPU: 1 } }, null)]);
    const all = Object.fromEntries(claims);
    const line = await lineOf(() => api.request("POST", "/allocations", { body: all }));
    expect(line).toMatchObject({ status: 204, subject: names, subjects: 60 });
    const providers: string[] = [];
    for (let count = 0; count < 30; count += 1) providers.push(await makeProvider(api, {}));
    const inventories = Object.fromEntries(
      providers.map((each) => [each, { resource_provider_generation: 0, inventories: {} }]),
    );
    const again = claims.map(([each]) => [each, claimBody({ [provider]: { VCPU: 1 } }, 1)]);
    const body = { inventories, allocations: Object.fromEntries(again) };
    const roles = "admin,service";
    const reshaped = await lineOf(() => api.request("POST", "/reshaper", { body, roles }));
    expect(reshaped).toMatchObject({ status: 204, subjects: 90 });
    expect([...(reshaped["subject"] as string[])].sort()).toEqual([...providers, ...names].sort());
    const refused = await lineOf(() => api.request("POST", "/reshaper", { body, roles }));
    expect(refused).toMatchObject({ status: 409, subjects: 90 });
    const subject = refused["subject"] as string[];
    expect(subject).toHaveLength(MAX_SUBJECTS);
    expect(subject.some((each) => providers.includes(each))).toBe(true);
    expect(subject.some((each) => names.includes(each))).toBe(true);
  });

  test.each(Object.entries(SPELLINGS))("that is a uuid is in one form: %s", async (_, spell) => {
    const provider = await makeProvider(api, { VCPU: 1 });
    const path = `/resource_providers/${encodeURIComponent(spell(provider))}`;
    const body = { name: randomUUID() };
    expect(await lineOf(() => api.request("PUT", path, { body }))).toMatchObject({
      status: 200,
      subject: [provider],
    });
    const consumer = randomUUID();
    const claim = `/allocations/${encodeURIComponent(spell(consumer))}`;
    expect(await lineOf(() => api.request("DELETE", claim))).toMatchObject({
      status: 404,
      subject: [consumer],
    });
    const invoke = lambda(showResourceProvider, async () => api.runtime);
    const event = { version: "1.39", parameters: { uuid: spell(provider) } };
    expect(await lineOf(() => invoke(event, lambdaContext("direct")))).toMatchObject({
      status: 200,
      subject: [provider],
    });
  });

  test("of a refusal names what was to be made, renamed or made a parent", async () => {
    const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    const other = `${name}_2`;
    const provider = await makeProvider(api, { VCPU: 1 });
    for (const made of [name, other]) {
      const body = { name: made };
      expect((await api.request("POST", "/resource_classes", { body })).status).toBe(201);
    }
    const refused = (method: string, path: string, body: object, version = "1.39") =>
      lineOf(() => api.request(method, path, { body, version }));
    expect(await refused("POST", "/resource_classes", { name })).toMatchObject({
      status: 409,
      subject: [name],
    });
    const rename = await refused("PUT", `/resource_classes/${name}`, { name: other }, "1.6");
    expect(rename).toMatchObject({ status: 409, subject: [name, other] });
    const inventories = `/resource_providers/${provider}/inventories`;
    const inventory = { resource_class: "VCPU", total: 1 };
    expect(await refused("POST", inventories, inventory)).toMatchObject({
      status: 409,
      subject: [provider, "VCPU"],
    });
    const parent = randomUUID();
    const child = { name: randomUUID(), parent_provider_uuid: parent.toUpperCase() };
    expect(await refused("POST", "/resource_providers", child)).toMatchObject({
      status: 400,
      subject: [parent],
    });
    expect(await refused("PUT", `/resource_providers/${provider}`, child)).toMatchObject({
      status: 400,
      subject: [provider, parent],
    });
  });

  test("of a rename is both names", async () => {
    const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    await api.request("POST", "/resource_classes", { body: { name } });
    const options = { body: { name: `${name}_2` }, version: "1.2" };
    const line = await lineOf(() => api.request("PUT", `/resource_classes/${name}`, options));
    expect(line).toMatchObject({ status: 200, subject: [name, `${name}_2`] });
  });

  test("what is no parameter of the operation's path is no subject", async () => {
    const handler = lambda(refuseUnrouted, async () => deployedAs(api.runtime));
    const { event } = gatewayEvent({ method: "OPTIONS", path: "/traits/X" }, { signer: SIGNER });
    const pathParameters = { proxy: "traits/X" };
    const headers = { ...event.headers, origin: ORIGIN };
    const line = await lineOf(() =>
      handler({ ...event, headers, pathParameters }, lambdaContext("http")),
    );
    expect(line).toMatchObject({ status: 200, subject: [], subjects: 0 });
  });

  test("of a replay is told as one", async () => {
    const uuid = randomUUID();
    const options = {
      body: { uuid, name: uuid },
      headers: { "idempotency-key": randomUUID() },
    };
    const send = () => api.request("POST", "/resource_providers", options);
    const first = await lineOf(send);
    expect(first).toMatchObject({ status: 200, subject: [uuid] });
    expect(first).not.toHaveProperty("replayed");
    expect(await lineOf(send)).toMatchObject({ status: 200, subject: [uuid], replayed: true });
  });

  test("of a body with many is cut short where it is refused, and counted", async () => {
    const provider = await makeProvider(api, { VCPU: 1 });
    const consumers = Array.from({ length: 60 }, () => randomUUID());
    const claims = consumers.map((each) => [each, claimBody({ [provider]: { VCPU: 9 } }, null)]);
    const body = Object.fromEntries(claims);
    const line = await lineOf(() => api.request("POST", "/allocations", { body }));
    expect(line).toMatchObject({ status: 409, subjects: 60 });
    expect(line["subject"]).toEqual(consumers.slice(0, MAX_SUBJECTS));
  });
});

describe("the line", () => {
  test("is one, and short, whatever a client puts in", async () => {
    const handler = lambda(updateTrait, async () => deployedAs(api.runtime));
    const odd = `a\r\n{"level":"ERROR"}\u0085\u2028\u2029\u001b[31m\u009b\u007f\ud800`;
    const { event } = gatewayEvent({ method: "PUT", path: "/traits/X" });
    const iam = { userArn: odd.repeat(1_000), accountId: odd.repeat(1_000) };
    const context = { ...event.requestContext, requestId: odd.repeat(1_000), authorizer: { iam } };
    const pathParameters = { name: odd.repeat(1_000) };
    const line = await lineOf(() =>
      handler({ ...event, pathParameters, requestContext: context }, lambdaContext("http")),
    );
    const [printed = "", ...more] = printedBy(() => consoleLog(line));
    expect(more).toEqual([]);
    expect(printed.length).toBeLessThan(8 * 4 * MAX_LOGGED);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(printed).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(JSON.parse(printed)).toEqual(line);
  });

  test("of no operation has a token, an address, a query or a body in it", async () => {
    for (const operation of operations) {
      const headers = {
        "x-auth-token": `user:${SECRET}`,
        "x-roles": `admin,service,${SECRET}`,
        "x-project-id": "project",
        authorization: SECRET,
        cookie: SECRET,
        "user-agent": SECRET,
        "x-forwarded-for": SECRET,
        "x-openstack-request-id": SECRET,
        "idempotency-key": SECRET,
        "content-type": "application/json",
      };
      const path = `${examplePath(operation, "x")}?${SECRET}=${SECRET}&name=${SECRET}`;
      const before = api.logs.length;
      const given = operation.body === undefined ? {} : { body: { name: SECRET, user_id: SECRET } };
      await api.request(methodOf(operation), path, { headers, token: null, ...given });
      const logged = JSON.stringify(api.logs.slice(before).filter(({ subject }) => subject));
      expect(logged, operation.id).toContain(operation.id);
      expect(logged.replace(`"subject":["${SECRET}"]`, ""), operation.id).not.toContain(SECRET);
      expect(logged).not.toContain("127.0.0.1");
    }
  });
});

/** What a write of {@link everyWrite} acts upon, by its path or its body. */
function changedBy({ path, body, status }: WriteStep): string[] {
  const given = (body ?? {}) as Record<string, object>;
  if (path === "/allocations") return Object.keys(given);
  if (path === "/claims") {
    return (given["consumers"] as { uuid: string }[]).map(({ uuid }) => uuid);
  }
  if (path === "/reshaper") {
    return ["inventories", "allocations"].flatMap((part) => Object.keys(given[part] ?? {}));
  }
  const [, , named] = path.split(/[/?]/);
  if (named !== undefined) return [named];
  return status < 300 ? [String(given["uuid"] ?? given["name"])] : [];
}
