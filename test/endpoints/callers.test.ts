/** Who calls: what the authorizer of an endpoint wrote, believed by that endpoint alone. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { listResourceProviders } from "../../functions/resource-providers/list.ts";
import { showUsages } from "../../functions/usages/show.ts";
import { ENDPOINT_KINDS, type EndpointKind } from "../../lib/api/endpoint.ts";
import type { IdentityDocument } from "../../lib/api/identity-document.ts";
import { lambda } from "../../lib/api/lambda.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import type { Runtime } from "../../lib/api/runtime.ts";
import { authorizerOf, deployedAs, examplePath, gatewayEvent, SIGNER } from "../support/events.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { REST_SIGNER, restEvent, restRequest } from "../support/rest-event.ts";

const KEYSTONE_URL = "https://keystone.example/v3";
const NOW = Date.UTC(2031, 0, 1);
const TOKENS = ["keystone", "jwt"] as const;

const api = useApi();

const valid = (kind: "keystone" | "jwt", change: object = {}) =>
  ({
    ...{ kind, status: "ok", user: "u-1", project: "p-1", domain: null, roles: ["service"] },
    ...{ system: false, expires: NOW + 1_000 },
    ...change,
  }) as IdentityDocument;

interface Sent {
  readonly endpoint?: EndpointKind | undefined;
  /** What the authorizer wrote; an object is written as JSON. */
  readonly identity?: unknown;
  readonly iam?: boolean;
  readonly format?: "1.0" | "2.0";
  readonly path?: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function eventFor(operation: AnyOperation, sent: Sent) {
  const { endpoint, identity, iam = false, format = "2.0", version = "1.39", body } = sent;
  const text = typeof identity === "string" ? identity : JSON.stringify(identity);
  const stageVariables = endpoint === undefined ? undefined : { endpoint, basePath: "" };
  const written = identity === undefined ? {} : { identity: text };
  if (format === "1.0") {
    return restEvent({
      ...restRequest(operation),
      ...(stageVariables === undefined ? {} : { stageVariables }),
      ...(iam ? { identity: REST_SIGNER } : {}),
      authorizer: { principalId: "x", integrationLatency: 5, ...written },
    });
  }
  const path = sent.path ?? examplePath(operation, randomUUID());
  const { event } = gatewayEvent({
    method: operation.route.split(" ")[0] ?? "",
    path,
    version,
    body,
  });
  const authorizer = {
    ...(iam ? authorizerOf(SIGNER) : {}),
    ...(identity === undefined ? {} : { lambda: written }),
  };
  const headers = { ...event.headers, ...sent.headers };
  const requestContext = { ...event.requestContext, authorizer };
  return { ...event, headers, stageVariables, requestContext };
}

function runtime(now: number): Runtime {
  const clock = { ...api.runtime.clock, now: () => now };
  const configuration = { ...api.runtime.configuration, keystoneUrl: KEYSTONE_URL };
  return deployedAs({ ...api.runtime, clock, configuration });
}

async function ask(operation: AnyOperation, sent: Sent, now = NOW) {
  const handler = lambda(operation, async () => runtime(now));
  const event = JSON.parse(JSON.stringify(eventFor(operation, sent)));
  const answer = await handler(event, lambdaContext("http"));
  if (!("statusCode" in answer)) throw new Error("no answer for API Gateway");
  const body = answer.body ? JSON.parse(answer.body) : undefined;
  return { status: answer.statusCode, headers: answer.headers ?? {}, body };
}

const list = (sent: Sent, now?: number) => ask(listResourceProviders, sent, now);

describe.each(["1.0", "2.0"] as const)("in payload format %s", (format) => {
  test("a caller of one endpoint never passes as another's", async () => {
    const callers: readonly (readonly [EndpointKind, Sent])[] = [
      ["iam", { iam: true }],
      ...TOKENS.map((kind) => [kind, { identity: valid(kind) }] as const),
    ];
    const passed: string[] = [];
    for (const [kind, caller] of callers) {
      for (const endpoint of [...ENDPOINT_KINDS, undefined]) {
        const { status } = await list({ ...caller, endpoint, format });
        if (status === 200) passed.push(`${kind} at ${endpoint}`);
        else expect([kind, endpoint, status]).toEqual([kind, endpoint, 401]);
      }
    }
    expect(passed).toEqual([
      "iam at iam",
      "iam at undefined",
      "keystone at keystone",
      "jwt at jwt",
    ]);
  });

  test("two callers at once are none", async () => {
    for (const endpoint of ENDPOINT_KINDS) {
      const kind = endpoint === "iam" ? "keystone" : endpoint;
      const { status } = await list({ iam: true, identity: valid(kind), endpoint, format });
      expect([endpoint, status]).toEqual([endpoint, 401]);
    }
  });

  test.each([
    ["no text", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["an unknown status", { ...valid("keystone"), status: "yes" }],
    ["no end", valid("keystone", { expires: null })],
    ["no user", valid("keystone", { user: "" })],
    ["a member that is not known", valid("keystone", { admin: true })],
    ["roles that are no list", valid("keystone", { roles: "admin" })],
  ])("%s is nobody", async (_, identity) => {
    expect((await list({ endpoint: "keystone", identity, format })).status).toBe(401);
  });
});

describe.each(TOKENS)("a token at the endpoint %s", (kind) => {
  const challenge = kind === "jwt" ? "Bearer" : `Keystone uri="${KEYSTONE_URL}"`;

  test("is worth nothing from its end on, whatever an authorizer keeps", async () => {
    const sent: Sent = { endpoint: kind, identity: valid(kind) };
    expect((await list(sent, NOW + 999)).status).toBe(200);
    const expired = await list(sent, NOW + 1_000);
    expect([expired.status, expired.headers["www-authenticate"]]).toEqual([401, challenge]);
  });

  test("that is none is answered with Placement's 401, whose challenge makes clients renew", async () => {
    const answer = await list({
      endpoint: kind,
      identity: { kind, status: "none" },
      version: "9.9",
    });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(challenge);
    expect(answer.body).toMatchObject({ code: "401 Unauthorized", title: "Unauthorized" });
  });

  test("that could not be validated is 503, with a code, and may be sent again", async () => {
    const answer = await list({ endpoint: kind, identity: { kind, status: "unavailable" } });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
    expect(answer.headers).not.toHaveProperty("www-authenticate");
    expect(answer.body.errors[0]).toMatchObject({ code: "placement.identity_unavailable" });
    const old = {
      endpoint: kind,
      identity: { kind, status: "unavailable" },
      version: "1.22",
    } as const;
    expect((await list(old)).body.errors[0]).not.toHaveProperty("code");
    const none = { ...old, version: "9.9" };
    expect((await list(none)).status).toBe(503);
  });

  test("reads no header: neither its roles nor a token that nobody validated", async () => {
    const headers = { "x-roles": "admin", "x-project-id": "p-1", "x-auth-token": "admin" };
    const identity = valid(kind, { roles: ["reader"] });
    expect((await list({ endpoint: kind, identity, headers })).status).toBe(403);
  });

  test("is needed by every operation with a rule", async () => {
    for (const operation of operations.filter(({ rule }) => rule !== undefined)) {
      for (const status of ["none", "unavailable"] as const) {
        const answer = await ask(operation, { endpoint: kind, identity: { kind, status } });
        expect([operation.id, answer.status]).toEqual([
          operation.id,
          status === "none" ? 401 : 503,
        ]);
      }
    }
  });

  test("has the roles of its project, and of no other scope", async () => {
    const rolesAndStatus = async (change: object) =>
      (await list({ endpoint: kind, identity: valid(kind, change) })).status;
    expect(await rolesAndStatus({ roles: ["admin"] })).toBe(200);
    expect(await rolesAndStatus({ roles: ["member", "reader"] })).toBe(403);
    expect(await rolesAndStatus({ roles: [] })).toBe(403);
    expect(await rolesAndStatus({ project: null, system: true, roles: ["admin"] })).toBe(403);
    expect(await rolesAndStatus({ project: null, domain: "d", roles: ["admin"] })).toBe(403);
  });

  test("of a reader shows the usages of its own project alone", async () => {
    const identity = valid(kind, { roles: ["reader"] });
    const usages = async (project: string) =>
      (await ask(showUsages, { endpoint: kind, identity, path: `/usages?project_id=${project}` }))
        .status;
    expect([await usages("p-1"), await usages("p-2")]).toEqual([200, 403]);
  });

  test("is logged as its user and kind, and never itself", async () => {
    const before = api.logs.length;
    const headers = { "x-auth-token": "gAAAAA-secret", authorization: "Bearer secret" };
    await list({ endpoint: kind, identity: valid(kind), headers });
    const lines = api.logs.slice(before);
    expect(lines).toMatchObject([{ message: "request", caller: "u-1", project: "p-1", kind }]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});

test("a key of one endpoint's user is not that of another's user of the same name", async () => {
  const body = { name: `one-${randomUUID()}` };
  const headers = { "idempotency-key": randomUUID() };
  const create = (kind: "keystone" | "jwt") =>
    ask(createResourceProvider, { endpoint: kind, identity: valid(kind), headers, body });
  expect((await create("keystone")).status).toBe(200);
  expect((await create("keystone")).headers["idempotent-replayed"]).toBe("true");
  expect((await create("jwt")).status).toBe(409);
});
