/** Requests of a REST API (payload format 1.0) are answered as those of an HTTP API (2.0). */

import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { showOpenApi } from "../../functions/openapi/show.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { listResourceProviders } from "../../functions/resource-providers/list.ts";
import { showResourceProvider } from "../../functions/resource-providers/show.ts";
import { fromHttp } from "../../lib/api/inbound.ts";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { deployedAs, gatewayEvent, SIGNER } from "../support/events.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { REST_SIGNER, type RestRequest, restEvent, restRequest } from "../support/rest-event.ts";

const api = useApi();

async function send(operation: AnyOperation, event: unknown) {
  const handler = lambda(operation, async () => deployedAs(api.runtime));
  const answer = await handler(JSON.parse(JSON.stringify(event)), lambdaContext("http"));
  if (!("statusCode" in answer)) throw new Error("no answer for API Gateway");
  const { body = "", isBase64Encoded } = answer;
  const text = isBase64Encoded ? gunzipSync(Buffer.from(body, "base64")).toString() : body;
  const { statusCode: status, headers = {} } = answer;
  return { status, headers, body: text === "" ? undefined : JSON.parse(text), answer };
}

const rest = (operation: AnyOperation, more: Partial<RestRequest> = {}) => {
  const sound = { ...restRequest(operation, more.params), identity: REST_SIGNER, ...more };
  return send(operation, restEvent(sound));
};

describe("a request of a REST API", () => {
  test("creates, and is told where", async () => {
    const uuid = randomUUID();
    const made = await rest(createResourceProvider, { body: { name: uuid, uuid } });
    expect(made.status).toBe(200);
    expect(made.headers["location"]).toBe(
      `https://placement.example/prod/resource_providers/${uuid}`,
    );
    const shown = await rest(showResourceProvider, { params: { uuid } });
    expect([shown.status, shown.body.uuid]).toEqual([200, uuid]);
    const same = gatewayEvent(
      { method: "GET", path: `/resource_providers/${uuid}` },
      { signer: SIGNER },
    );
    const { body } = await send(showResourceProvider, same.event);
    // Its links begin with the stage.
    expect(JSON.stringify(shown.body).replaceAll('"/prod/', '"/')).toBe(JSON.stringify(body));
  });

  test("has the pairs of its query as in the raw query", () => {
    const query = {
      member_of: ["in:a,b", "!c"],
      required: ["HW_CPU_X86_AVX2", "!STORAGE_DISK_SSD"],
      name: ["a,b c&d"],
    };
    const raw = Object.entries(query)
      .flatMap(([name, values]) => values.map((value) => `${name}=${encodeURIComponent(value)}`))
      .join("&");
    const path = `/resource_providers?${raw}`;
    const { event } = gatewayEvent({ method: "GET", path });
    const request = { ...restRequest(listResourceProviders), query };
    expect(fromHttp(restEvent(request)).query).toEqual(fromHttp(event).query);
  });

  test("is filtered by each of a repeated parameter", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    for (const [name, aggregates] of [
      [one, [one, other]],
      [other, [other]],
    ] as const) {
      await api.request("POST", "/resource_providers", { body: { name, uuid: name } });
      const body = { aggregates, resource_provider_generation: 0 };
      await api.request("PUT", `/resource_providers/${name}/aggregates`, { body });
    }
    const named = async (member_of: readonly string[]) => {
      const { body } = await rest(listResourceProviders, { query: { member_of } });
      return body.resource_providers.map(({ uuid }: { uuid: string }) => uuid).sort();
    };
    expect(await named([`in:${one},${other}`])).toEqual([one, other].sort());
    expect(await named([other, one])).toEqual([one]);
    expect(await named([`in:${one},${other}`, `!${one}`])).toEqual([other]);
  });

  test("has all values of its headers, in any case", () => {
    const headers = { "X-MANY": ["a", "b"], "x-many": ["c"], Host: ["x.example"] };
    const { headers: read } = fromHttp(
      restEvent({ ...restRequest(listResourceProviders), headers }),
    );
    expect(read).toMatchObject({ "x-many": "a,b,c", host: "x.example" });
  });

  test("without lists has the single values", () => {
    const {
      multiValueHeaders: _,
      multiValueQueryStringParameters: __,
      ...event
    } = restEvent({
      ...restRequest(listResourceProviders),
      query: { limit: ["5"] },
    });
    const inbound = fromHttp(event);
    expect(inbound.query.pairs).toEqual([["limit", "5"]]);
    expect(inbound.headers["host"]).toBe("placement.example");
  });

  test("that accepts gzip gets it in base64", async () => {
    const headers = { "Accept-Encoding": ["gzip, deflate"] };
    const { status, answer, body } = await rest(showOpenApi, { headers, identity: {} });
    expect([status, body.openapi]).toEqual([200, expect.stringMatching(/^3\.1/)]);
    expect(answer).toMatchObject({
      isBase64Encoded: true,
      headers: { "content-encoding": "gzip" },
    });
    expect(answer).not.toHaveProperty("multiValueHeaders");
  });

  test("without a signer is not believed", async () => {
    expect((await rest(listResourceProviders, { identity: {} })).status).toBe(401);
    expect((await rest(listResourceProviders, { identity: { userArn: "" } })).status).toBe(401);
    const forged = { authorizer: { iam: REST_SIGNER, userArn: REST_SIGNER.userArn }, identity: {} };
    expect((await rest(listResourceProviders, forged)).status).toBe(401);
  });
});

describe("{proxy+} takes what no resource does", () => {
  const unrouted = (method: string, proxy: string, more: Partial<RestRequest> = {}) =>
    rest(refuseUnrouted, {
      ...{ method, resource: "/{proxy+}", path: `/${proxy}`, params: { proxy } },
      ...more,
    });

  test.each([
    ["GET", "nowhere", 404, undefined],
    ["PATCH", "resource_providers", 405, "GET, POST"],
    ["POST", `resource_providers/${randomUUID()}`, 405, "DELETE, GET, PUT"],
    ["GET", "resource_providers/", 404, undefined],
  ])("%s /%s as $default does: %i", async (method, proxy, status, allow) => {
    const answer = await unrouted(method, proxy);
    expect([answer.status, answer.headers["allow"]]).toEqual([status, allow]);
    const wanted = gatewayEvent({ method, path: `/${proxy}` }, { signer: SIGNER });
    const same = await send(refuseUnrouted, wanted.event);
    const { request_id: _, ...document } = answer.body.errors[0];
    expect(same.body.errors[0]).toMatchObject(document);
    expect((await unrouted(method, proxy, { identity: {} })).status).toBe(401);
  });

  test("and methods that a resource lacks", async () => {
    const root = await rest(refuseUnrouted, {
      method: "POST",
      resource: "/",
      path: "/",
      identity: {},
    });
    expect([root.status, root.headers["allow"]]).toEqual([405, "GET"]);
  });
});

test.each([
  ["resource", { resource: undefined }],
  ["path", { path: 5 }],
  ["httpMethod", { httpMethod: null }],
  ["multiValueHeaders.accept", { multiValueHeaders: { accept: "x" } }],
  ["multiValueQueryStringParameters", { multiValueQueryStringParameters: [["a", "b"]] }],
  ["stageVariables.endpoint", { stageVariables: { endpoint: "noauth" } }],
  ["stageVariables.basePath", { stageVariables: { basePath: "//evil.example" } }],
  ["requestContext", { requestContext: 5 }],
])("an event with a bad %s is told so, and none of its values", async (place, part) => {
  const sound = restEvent({
    ...restRequest(listResourceProviders),
    headers: { "X-Auth-Token": ["secret"] },
  });
  const { status, body } = await send(listResourceProviders, { ...sound, ...part });
  expect(status).toBe(400);
  expect(body.errors[0].detail).toContain(`payload format 1.0: ${place}`);
  expect(JSON.stringify(body)).not.toContain("secret");
});
