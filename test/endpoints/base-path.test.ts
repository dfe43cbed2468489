/** The API below a base path: routes, links, `Location` and refusals, locally and deployed. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { listResourceProviders } from "../../functions/resource-providers/list.ts";
import { basePathSchema } from "../../lib/api/endpoint.ts";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { deployedAs, gatewayEvent, SIGNER } from "../support/events.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { REST_SIGNER, restEvent, restRequest } from "../support/rest-event.ts";

const BASE = "/cloud/placement";
const api = useApi({ mount: { basePath: BASE, trustsForwarded: false } });

describe("a local server with a base path", () => {
  test("serves every operation below it", async () => {
    const uuid = randomUUID();
    const body = { name: uuid, uuid };
    const made = await api.request("POST", `${BASE}/resource_providers`, { body });
    const path = `${BASE}/resource_providers/${uuid}`;
    expect([made.status, made.headers.location]).toEqual([200, `${api.url}${path}`]);
    // As clients do that follow it.
    const shown = await api.request("GET", new URL(String(made.headers.location)).pathname);
    expect([shown.status, shown.body]).toEqual([200, made.body]);
    const hrefs = shown.body.links.map(({ href }: { href: string }) => href);
    expect(hrefs).toContain(`${path}/inventories`);
    for (const href of hrefs) expect((await api.request("GET", href)).status).toBe(200);
    const list = await api.request("GET", `${BASE}/resource_providers?name=${uuid}`);
    expect(list.body.resource_providers).toEqual([made.body]);
  });

  test("is told in the links of every list and in every Location", async () => {
    const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    const made = await api.request("PUT", `${BASE}/traits/${name}`);
    expect(made.headers.location).toBe(`${api.url}${BASE}/traits/${name}`);
    const created = await api.request("PUT", `${BASE}/resource_classes/${name}`);
    expect(created.headers.location).toBe(`${api.url}${BASE}/resource_classes/${name}`);
    const classes = await api.request("GET", `${BASE}/resource_classes`);
    for (const { links } of classes.body.resource_classes) {
      for (const { href } of links) expect(href).toMatch(new RegExp(`^${BASE}/resource_classes/`));
    }
    const consumer = { project_id: "p", user_id: "u", consumer_type: "INSTANCE" };
    await api.request("POST", `${BASE}/consumers`, { body: { uuid: randomUUID(), ...consumer } });
    const { body } = await api.request("GET", `${BASE}/consumers?project_id=p`);
    expect(JSON.stringify(body)).toContain(`"href":"${BASE}/consumers/`);
  });

  test.each(["", "/"])("has its root at the base path: %j", async (slash) => {
    const root = await api.request("GET", `${BASE}${slash}`, { token: null });
    expect([root.status, root.body.versions[0].links]).toEqual([200, [{ rel: "self", href: "" }]]);
    expect((await api.request("POST", `${BASE}${slash}`, { token: null })).status).toBe(405);
  });

  test("describes itself with a server that is the base path", async () => {
    const url = `${api.url}${BASE}/openapi.json`;
    const { body } = await api.request("GET", `${BASE}/openapi.json`, { token: null });
    const [server] = body.servers;
    expect(new URL(server.url, url).href).toBe(`${api.url}${BASE}/`);
  });

  test("answers 404 and 405 below it as ever", async () => {
    expect((await api.request("GET", `${BASE}/nowhere`)).status).toBe(404);
    const wrong = await api.request("PATCH", `${BASE}/resource_providers`);
    expect([wrong.status, wrong.headers["allow"]]).toEqual([405, "GET, POST"]);
    expect((await api.request("GET", `${BASE}/nowhere`, { token: null })).status).toBe(401);
  });

  test.each(["/", "/resource_providers", "/cloud", `${BASE}x`, `${BASE}x/resource_providers`])(
    "serves nothing outside of it: %s",
    async (path) => {
      const answer = await api.request("GET", path);
      expect([answer.status, answer.body.errors[0].title]).toEqual([404, "Not Found"]);
      expect(answer.body.errors[0].detail).toContain(`below '${BASE}'`);
    },
  );

  test("does not believe a prefix that a client sends", async () => {
    const uuid = randomUUID();
    const headers = { "x-forwarded-prefix": "/evil", "x-forwarded-proto": "https" };
    const body = { name: uuid, uuid };
    const made = await api.request("POST", `${BASE}/resource_providers`, { body, headers });
    expect(made.headers.location).toBe(`${api.url}${BASE}/resource_providers/${uuid}`);
  });
});

describe("behind a proxy that is trusted", () => {
  const behind = useApi({ mount: { basePath: "", trustsForwarded: true } });
  const create = (headers: Readonly<Record<string, string | readonly string[]>>) => {
    const uuid = randomUUID();
    return behind.request("POST", "/resource_providers", { body: { name: uuid, uuid }, headers });
  };

  test.each([
    ["/placement", "/placement"],
    ["/placement/", "/placement"],
    ["/a/b-c_d.e~1", "/a/b-c_d.e~1"],
    ["/", ""],
    ["/resource_providers", "/resource_providers"],
  ])("the prefix %s leads to links behind %j", async (prefix, base) => {
    const made = await create({ "x-forwarded-prefix": prefix, "x-forwarded-proto": "https" });
    const path = `${base}/resource_providers/${made.body.uuid}`;
    expect(made.headers.location).toBe(`${behind.url.replace("http:", "https:")}${path}`);
    expect(made.body.links[0]).toEqual({ rel: "self", href: path });
    const headers = { "x-forwarded-prefix": prefix };
    expect((await behind.request("PATCH", "/traits", { headers })).status).toBe(405);
    expect((await behind.request("GET", prefix, { headers })).status).toBe(
      prefix === "/" ? 200 : prefix === "/resource_providers" ? 200 : 404,
    );
  });

  test("without a prefix nothing changes", async () => {
    const made = await create({});
    expect(made.headers.location).toBe(`${behind.url}/resource_providers/${made.body.uuid}`);
  });

  test.each([
    ["x-forwarded-prefix", "//evil.example"],
    ["x-forwarded-prefix", "https://evil.example"],
    ["x-forwarded-prefix", "/a, /b"],
    ["x-forwarded-prefix", "/a/../b"],
    ["x-forwarded-prefix", "/a b"],
    ["x-forwarded-prefix", "/a%0d%0ab"],
    ["x-forwarded-prefix", "a"],
    ["x-forwarded-prefix", "/a?b"],
    ["x-forwarded-prefix", ["/a", "/b"]],
    ["x-forwarded-proto", "javascript"],
    ["x-forwarded-proto", "https, http"],
  ])("%s: %j is refused", async (name, value) => {
    const answer = await create({ [name]: value });
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });
});

describe("a base path", () => {
  test.each(["", "/placement", "/a/b", "/.well-known", "/..a", "/a.b"])("may be %j", (path) => {
    expect(basePathSchema.safeParse(path).success).toBe(true);
  });

  test.each([
    ...["/", "placement", "/a/", "//a", "/a//b", "/.", "/..", "/a/./b", "/a/..", "\\a", "/a\\b"],
    ...["/a\r\nb", "/a\n", "/a b", "/a?b", "/a#b", "/%61", "/a:b@c", `/${"a".repeat(255)}`],
  ])("may not be %j", (path) => {
    expect(basePathSchema.safeParse(path).success).toBe(false);
  });
});

describe("a deployed endpoint", () => {
  const send = async (operation: AnyOperation, event: unknown) => {
    const handler = lambda(operation, async () => deployedAs(api.runtime));
    const answer = await handler(JSON.parse(JSON.stringify(event)), lambdaContext("http"));
    if (!("statusCode" in answer)) throw new Error("no answer for API Gateway");
    const { statusCode, headers = {}, body } = answer;
    return { status: statusCode, headers, body: body ? JSON.parse(body) : undefined };
  };
  const stageVariables = { endpoint: "iam", basePath: "/placement" };
  /** The key of a custom domain's mapping stays in the raw path. */
  const mapped = (method: string, path: string, body?: unknown) => {
    const { event } = gatewayEvent({ method, path, body }, { signer: SIGNER });
    return { ...event, rawPath: `/placement${path}`, stageVariables };
  };

  test("with a mapping key takes the path from its route", async () => {
    const uuid = randomUUID();
    const event = mapped("POST", "/resource_providers", { name: uuid, uuid });
    const made = await send(createResourceProvider, event);
    const path = `/placement/resource_providers/${uuid}`;
    expect(made.headers["location"]).toBe(`http://api.example${path}`);
    expect(made.body.links[0]).toEqual({ rel: "self", href: path });
  });

  test.each([
    ["POST", "/", 405],
    ["PATCH", "/resource_providers", 405],
    ["GET", "/nowhere", 404],
  ])("with a mapping key answers %s %s with %i", async (method, path, status) => {
    expect((await send(refuseUnrouted, mapped(method, path))).status).toBe(status);
  });

  test("takes preflight requests from the route of all paths", async () => {
    const event = mapped("OPTIONS", "/nowhere");
    const routed = { ...event, routeKey: "OPTIONS /{proxy+}", pathParameters: { proxy: "traits" } };
    expect((await send(refuseUnrouted, routed)).headers["allow"]).toBe("GET");
  });

  /** Creates by an event like those of an HTTP API, and returns where that is, without the host. */
  const placed = async (rawPath: string, variables: Readonly<Record<string, string>>) => {
    const event = mapped("POST", "/resource_providers", { name: randomUUID() });
    const sent = { ...event, rawPath, stageVariables: { endpoint: "iam", ...variables } };
    const { headers } = await send(createResourceProvider, sent);
    return String(headers["location"]).replace(/^http:\/\/api\.example|[^/]+$/g, "");
  };

  test.each([
    ["on its domain", "/key/resource_providers", { mapping: "/key", basePath: "/key" }, "/key"],
    ["by its own name", "/resource_providers", { mapping: "/key", basePath: "/key" }, ""],
    ["by its own name, like a key", "/resource_providers", { mapping: "/resource_providers" }, ""],
    [
      "behind a proxy on its domain",
      "/key/resource_providers",
      { mapping: "/key", basePath: "/p" },
      "/p",
    ],
    ["behind a proxy alone", "/resource_providers", { basePath: "/p" }, "/p"],
    ["on a domain of its own", "/resource_providers", { mapping: "/" }, ""],
  ] as const)("%s has links that lead back: %s", async (_, rawPath, variables, base) => {
    expect(await placed(rawPath, variables)).toBe(`${base}/resource_providers/`);
  });

  test("knows the key of its mapping, whatever its base path", async () => {
    const event = mapped("PATCH", "/resource_providers");
    const variables = { endpoint: "iam", basePath: "/cloud/placement", mapping: "/placement" };
    expect((await send(refuseUnrouted, { ...event, stageVariables: variables })).status).toBe(405);
  });

  test.each([
    ["on its domain", false, { basePath: "/placement", mapping: "/placement" }, "/placement"],
    ["by its own name", true, { basePath: "/placement", mapping: "/placement" }, "/prod"],
    ["behind a proxy", true, { basePath: "/cloud" }, "/cloud"],
    ["by its own name alone", true, {}, "/prod"],
  ])("of a REST API %s has links that lead back", async (_, ownName, variables, base) => {
    const name = randomUUID();
    const request = restRequest(createResourceProvider);
    const path = ownName ? request.path : `/placement${request.path}`;
    const sent = { ...request, path, body: { name }, identity: REST_SIGNER, ownName };
    const made = await send(
      createResourceProvider,
      restEvent({ ...sent, stageVariables: { endpoint: "iam", ...variables } }),
    );
    expect(made.headers["location"]).toContain(`placement.example${base}/resource_providers/`);
  });

  test("repeats an answer with links for the endpoint that is asked again", async () => {
    const name = randomUUID();
    const key = { "idempotency-key": randomUUID() };
    const event = mapped("POST", "/resource_providers", { name });
    const keyed = { ...event, headers: { ...event.headers, ...key } };
    const first = await send(createResourceProvider, keyed);
    const again = await send(createResourceProvider, {
      ...keyed,
      rawPath: "/resource_providers",
      stageVariables: { endpoint: "iam", basePath: "" },
    });
    const location = String(first.headers["location"]);
    expect([again.status, again.headers["location"]]).toEqual([
      200,
      location.replace("/placement", ""),
    ]);
  });

  test.each([
    { basePath: "//evil.example" },
    { basePath: "/a\r\nb" },
    { mapping: "placement" },
    { mapping: "//a" },
    { endpoint: "noauth" },
  ])("with stage variables that are not valid answers nobody: %j", async (wrong) => {
    const event = mapped("GET", "/resource_providers");
    const sent = { ...event, stageVariables: { ...stageVariables, ...wrong } };
    expect((await send(listResourceProviders, sent)).status).toBe(400);
  });
});
