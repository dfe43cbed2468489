/** Events that are no request: each is refused with the error document, by every function. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { showRoot } from "../../functions/root/show.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { methodOf } from "../../lib/api/operation.ts";
import type { Item } from "../support/api.ts";
import { deployedAs, examplePath, gatewayEvent, SIGNER } from "../support/events.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";

const api = useApi();
let before: Item[];

beforeAll(async () => {
  before = await api.items();
});
afterAll(async () => {
  expect(await api.items()).toEqual(before);
  expect(api.logs.filter(({ level }) => level === "ERROR")).toEqual([]);
});

const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`) as unknown;

const NO_EVENTS: readonly unknown[] = [
  null,
  true,
  0,
  "",
  "GET /",
  [],
  [{ requestContext: {} }],
  {},
  { requestContext: {} },
  { requestContext: null },
  { requestContext: [] },
  { requestContext: "http" },
  { requestContext: { http: {} } },
  { requestContext: { http: null } },
  { requestContext: { http: { method: "GET" } } },
  { requestContext: { http: { method: "GET" } }, rawPath: 5 },
  JSON.parse('{"__proto__":{"requestContext":{"http":{"method":"GET"}},"rawPath":"/"}}'),
  { Records: [] },
  { httpMethod: "GET", path: "/", requestContext: { stage: "prod" } },
  deep,
  { requestContext: deep },
];

/** A sound event with one part that is not. */
const BROKEN: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["rawPath", { rawPath: undefined }],
  ["rawPath", { rawPath: null }],
  ["rawPath", { rawPath: ["/"] }],
  ["rawQueryString", { rawQueryString: { limit: "1" } }],
  ["headers", { headers: "accept: */*" }],
  ["headers", { headers: [["accept", "*/*"]] }],
  ["headers", { headers: { accept: 5 } }],
  ["headers", { headers: { accept: ["*/*"] } }],
  ["headers", { headers: { host: null } }],
  ["pathParameters", { pathParameters: "uuid" }],
  ["pathParameters", { pathParameters: { uuid: 5 } }],
  ["pathParameters", { pathParameters: { uuid: { $ne: "" } } }],
  ["body", { body: 5 }],
  ["body", { body: { name: "n" } }],
  ["body", { body: ["{}"] }],
  ["isBase64Encoded", { isBase64Encoded: "true" }],
  ["isBase64Encoded", { isBase64Encoded: null }],
  ["requestContext.http", { requestContext: { stage: "prod" } }],
  ["requestContext.http", { requestContext: { http: "GET" } }],
  ["requestContext.http.method", { requestContext: { http: { method: null } } }],
  ["requestContext.http.method", { requestContext: { http: { method: 5 } } }],
  ["requestContext.stage", { requestContext: { http: { method: "GET" }, stage: 5 } }],
  ["requestContext.domainName", { requestContext: { http: { method: "GET" }, domainName: {} } }],
  ["requestContext.requestId", { requestContext: { http: { method: "GET" }, requestId: 5 } }],
];

const all = [...operations, refuseUnrouted];

describe.each(all.map((operation) => [operation.id, operation] as const))("%s", (_, operation) => {
  const method = methodOf(operation);
  const { event } = gatewayEvent(
    { method, path: examplePath(operation, "VCPU"), body: {} },
    { signer: SIGNER },
  );
  const handler = lambda(operation, async () => deployedAs(api.runtime, ["admin", "service"]));

  test("refuses what is no event on the alias of API Gateway", async () => {
    const broken = BROKEN.map(([, part]) => ({ ...event, ...part }));
    for (const each of [...NO_EVENTS, ...broken]) {
      const answer = await handler(each, lambdaContext("http"));
      expect(answer).toMatchObject({
        statusCode: 400,
        headers: { "content-type": "application/json" },
        body: expect.any(String),
      });
      const { errors } = JSON.parse(String(answer.body));
      expect(errors).toMatchObject([{ status: 400, title: "Bad Request" }]);
    }
  });

  test("refuses what is no direct request elsewhere", async () => {
    for (const alias of ["direct", undefined]) {
      for (const each of [...NO_EVENTS, event]) {
        const answer = await handler(each, lambdaContext(alias));
        expect(answer).toMatchObject({
          status: 400,
          headers: { "content-type": "application/json" },
          body: { errors: [{ status: 400, title: "Bad Request" }] },
        });
      }
    }
  });
});

test.each(BROKEN)(
  "an event with a bad %s is told so, and none of its values",
  async (place, part) => {
    const handler = lambda(refuseUnrouted, async () => api.runtime);
    const { event } = gatewayEvent({ method: "GET", path: "/nowhere" });
    const secret = { ...event, headers: { ...event.headers, authorization: "secret" } };
    const answer = await handler({ ...secret, ...part }, lambdaContext("http"));
    expect(String(answer.body)).toContain(`payload format 2.0: ${place}`);
    expect(String(answer.body)).not.toContain("secret");
  },
);

test("parts that are null are absent, as emulators of API Gateway have them", async () => {
  const handler = lambda(showRoot, async () => api.runtime);
  const event = {
    rawPath: "/",
    rawQueryString: null,
    headers: null,
    pathParameters: null,
    queryStringParameters: null,
    body: null,
    requestContext: {
      http: { method: "GET" },
      stage: null,
      domainName: null,
      requestId: null,
      authorizer: null,
    },
  };
  expect(await handler(event, lambdaContext("http"))).toMatchObject({ statusCode: 200 });
  const unsigned = lambda(refuseUnrouted, async () => deployedAs(api.runtime));
  for (const [part] of Object.entries(event).filter(([, value]) => value === null)) {
    const sound = gatewayEvent({ method: "GET", path: "/nowhere" }, { signer: SIGNER }).event;
    const answer = await unsigned({ ...sound, [part]: null }, lambdaContext("http"));
    expect([part, answer]).toMatchObject([part, { statusCode: 404 }]);
  }
});

test("parts that are not read are taken as they come", async () => {
  const handler = lambda(refuseUnrouted, async () => api.runtime);
  const event = {
    rawPath: "/",
    cookies: 5,
    version: [],
    requestContext: { http: { method: "POST", sourceIp: null }, time: {}, authentication: null },
  };
  expect(await handler(event, lambdaContext("http"))).toMatchObject({ statusCode: 405 });
});
