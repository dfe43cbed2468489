/** Cross-origin requests, with allowed origins and without any. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Api, RequestOptions } from "../support/api.ts";
import { useApi } from "../support/frame.ts";

const ORIGIN = "http://valid.example.com";
const plain = useApi();
const api = useApi({ configuration: { corsOrigins: [ORIGIN, "https://other.example.com"] } });

const preflight = (given: Record<string, string>, path = "/resource_providers") =>
  api.request("OPTIONS", path, {
    token: null,
    version: null,
    headers: {
      origin: ORIGIN,
      "access-control-request-method": "GET",
      "access-control-request-headers": "openstack-api-version",
      ...given,
    },
  });

test("without origins OPTIONS is a method that no path has", async () => {
  const answer = await plain.request("OPTIONS", "/resource_providers", {
    headers: { origin: ORIGIN },
  });
  expect(answer.status).toBe(405);
  expect((await plain.request("OPTIONS", "/nowhere")).status).toBe(404);
  expect((await plain.request("OPTIONS", "/traits", { token: null })).status).toBe(401);
  const { headers } = await plain.request("GET", "/", { headers: { origin: ORIGIN } });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

test("a preflight of an allowed origin says what is allowed, on any path, without a token", async () => {
  for (const path of ["/resource_providers", "/nowhere", "/"]) {
    const { status, headers } = await preflight({}, path);
    expect(status).toBe(200);
    expect(headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(headers["access-control-allow-headers"]).toBe("openstack-api-version");
    expect(headers["access-control-allow-methods"]).toBe("GET");
  }
});

test.each([
  [{ origin: "http://invalid.example.com" }],
  [{ "access-control-request-method": "CONNECT" }],
  [{ "access-control-request-headers": "x-unheard-of" }],
])("a preflight with %j gets a plain 200", async (given) => {
  const { status, headers } = await preflight(given);
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty("access-control-allow-origin");
  expect(headers).not.toHaveProperty("access-control-allow-headers");
});

test("answers and errors tell an allowed origin, and no other, that they are for it", async () => {
  for (const [path, token, status, others] of [
    ["/resource_providers", "admin", 200, 403],
    [`/resource_providers/${randomUUID()}`, "admin", 404, 403],
    ["/resource_providers", null, 401, 403],
    ["/", null, 200, 200],
    ["/nowhere", "admin", 404, 404],
  ] as const) {
    const ask = (origin: string) => api.request("GET", path, { token, headers: { origin } });
    const answer = await ask(ORIGIN);
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBe(ORIGIN);
    const other = await ask("http://invalid.example.com");
    expect(other.status).toBe(others);
    expect(other.headers["vary"]).toMatch(/\bOrigin$/);
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  }
});

test("answers depend on the origin, for caches, only where origins are allowed", async () => {
  const vary = async (from: Api, path: string, options: RequestOptions = {}) =>
    (await from.request("GET", path, options)).headers["vary"];
  const unknown = `/resource_providers/${randomUUID()}`;
  expect(await vary(plain, "/resource_providers")).toBe("openstack-api-version");
  expect(await vary(api, "/resource_providers")).toBe("openstack-api-version, Origin");
  expect(await vary(api, unknown)).toBe("Origin");
  expect(await vary(api, "/traits", { token: null })).toBe("Origin");
  expect(await vary(plain, unknown)).toBeUndefined();
  expect((await preflight({})).headers["vary"]).toBe("Origin");
});
