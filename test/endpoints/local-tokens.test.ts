/** The local server with tokens: the deployed authorizers' code before the same functions. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import type { StubIssuer } from "../support/stub-issuer.ts";
import type { StubKeystone, StubUser } from "../support/stub-keystone.ts";
import { startTokenApis, type TokenApis } from "../support/token-apis.ts";

const users: Record<string, StubUser> = {
  nova: { user: "u-nova", project: "service", roles: ["service"] },
  admin: { user: "u-admin", project: "admin", roles: ["admin", "member", "reader"] },
  alpha: { user: "u-alpha", project: "alpha", roles: ["reader"] },
  member: { user: "u-member", project: "alpha", roles: ["member"] },
  system: { user: "u-system", roles: ["admin"], system: true },
  domain: { user: "u-domain", domain: "default", roles: ["admin"] },
};

let keystone: StubKeystone;
let issuer: StubIssuer;
let apis: TokenApis["apis"];
let servers: TokenApis;

beforeAll(async () => {
  servers = await startTokenApis((token) => users[token], { allowedHosts: "all" });
  ({ keystone, issuer, apis } = servers);
});
afterAll(() => servers.close());

describe("with Keystone's tokens", () => {
  const ask = (token: string | null, path = "/resource_providers") =>
    apis.keystone.request("GET", path, { token });

  test.each([
    ["nova", 200],
    ["admin", 200],
    ["alpha", 403],
    ["member", 403],
    ["system", 403],
    ["domain", 403],
    ["unknown", 401],
    [null, 401],
  ])("the token %s is answered %i", async (token, status) => {
    const answer = await ask(token);
    expect(answer.status).toBe(status);
    const challenge = status === 401 ? `Keystone uri="${keystone.url}"` : undefined;
    expect(answer.headers["www-authenticate"]).toBe(challenge);
  });

  test("headers of noauth give no role", async () => {
    const headers = { "x-roles": "admin", "x-project-id": "admin" };
    const { status } = await apis.keystone.request("GET", "/traits", { token: "alpha", headers });
    expect(status).toBe(403);
  });

  test("a reader sees the usages of its own project alone", async () => {
    expect((await ask("alpha", "/usages?project_id=alpha")).status).toBe(200);
    expectRefusal(await ask("alpha", "/usages?project_id=beta"), {
      status: 403,
      message: "Policy does not allow placement:usages to be performed.",
    });
  });

  test("a thousand requests with one token ask once", async () => {
    users["busy"] = { user: "u-busy", project: "service", roles: ["service"] };
    const path = "GET /v3/auth/tokens";
    const before = keystone.counts.get(path) ?? 0;
    // More connections at once would fill the server's backlog.
    for (let round = 0; round < 20; round += 1) {
      const asked = Array.from({ length: 50 }, () => ask("busy", "/traits/NO_1"));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([404]));
    }
    expect(keystone.counts.get(path)).toBe(before + 1);
  });

  test("public documents need neither token nor Keystone", async () => {
    keystone.failing = 500;
    for (const path of ["/", "/openapi.json"]) expect((await ask("who", path)).status).toBe(200);
    keystone.failing = undefined;
  });

  test("while Keystone is down, known tokens go on and others wait for it", async () => {
    await ask("nova");
    users["late"] = { user: "u-late", project: "service", roles: ["service"] };
    keystone.failing = 503;
    expect((await ask("nova")).status).toBe(200);
    const answer = await ask("late");
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
    expect(answer.body.errors[0].code).toBe("placement.identity_unavailable");
    keystone.failing = undefined;
    expect((await ask("late")).status).toBe(200);
  });

  test("a claim is logged with the user of the token", async () => {
    const headers = { "x-openstack-request-id": `req-${randomUUID()}` };
    await apis.keystone.request("GET", "/traits", { token: "nova", headers });
    const found = apis.keystone.logs.filter(
      ({ globalRequestId }) => globalRequestId === headers["x-openstack-request-id"],
    );
    expect(found).toMatchObject([{ caller: "u-nova", project: "service", kind: "keystone" }]);
  });

  test("any name of the server is answered, since no page has a token", async () => {
    const headers = { host: "placement.example:8778" };
    const answer = await apis.keystone.request("GET", "/traits", { token: "nova", headers });
    expect(answer.status).toBe(200);
  });
});

describe("with JSON Web Tokens", () => {
  const ask = async (payload: Record<string, unknown>, overrides = {}, path = "/traits") => {
    const token = await issuer.sign({ sub: "u-1", ...payload }, overrides);
    const headers = { authorization: `Bearer ${token}` };
    return apis.jwt.request("GET", path, { token: null, headers });
  };

  test("roles and project are those of the claims", async () => {
    expect((await ask({ roles: ["service"] })).status).toBe(200);
    expect((await ask({ roles: ["reader"], project_id: "alpha" })).status).toBe(403);
    const own = "/usages?project_id=alpha";
    expect((await ask({ roles: ["reader"], project_id: "alpha" }, {}, own)).status).toBe(200);
    expect((await ask({ roles: ["reader"], project_id: "beta" }, {}, own)).status).toBe(403);
  });

  test("a token of another audience, or that has ended, is none", async () => {
    for (const overrides of [{ audience: "other" }, { expires: 1_000 }]) {
      const answer = await ask({ roles: ["admin"] }, overrides);
      expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
    }
  });

  test("Keystone's header is not read", async () => {
    const token = await issuer.sign({ sub: "u-1", roles: ["admin"] });
    expect((await apis.jwt.request("GET", "/traits", { token })).status).toBe(401);
  });
});
