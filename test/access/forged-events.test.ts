/**
 * Whoever may invoke a function can write any event. None of them makes a function
 * believe in a caller that API Gateway has not vouched for, on any path.
 */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import type { DirectResult } from "../../lib/api/direct.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { type AnyOperation, methodOf } from "../../lib/api/operation.ts";
import type { RequestContext } from "../../lib/api/pipeline/request-context.ts";
import { permit } from "../../lib/api/pipeline/steps.ts";
import { MissingIdentity } from "../../lib/api/refusals.ts";
import type { Runtime } from "../../lib/api/runtime.ts";
import {
  deployedAs,
  directEvent,
  type EventChange,
  examplePath,
  gatewayEvent,
  SIGNER,
  type Wanted,
} from "../support/events.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { makeProvider } from "../support/world.ts";

const ruled = operations.filter(({ rule }) => rule !== undefined);

const api = useApi();

async function send(
  operation: AnyOperation,
  event: unknown,
  { alias, runtime = deployedAs(api.runtime) }: { alias: string | undefined; runtime?: Runtime },
) {
  const handler = lambda(operation, async () => runtime);
  return (await handler(JSON.parse(JSON.stringify(event)), lambdaContext(alias))) as {
    readonly statusCode?: number;
  } & Partial<DirectResult>;
}

/** Events that no signer vouches for, on the alias of API Gateway. */
const UNSIGNED: readonly (readonly [string, EventChange])[] = [
  ["on its own path", {}],
  ["on the path /", { rawPath: "/" }],
  ["on the path / and its route", { rawPath: "/", routeKey: "GET /" }],
  ["on the path / without a route", { rawPath: "/", routeKey: null }],
  ["on an empty path", { rawPath: "" }],
  ["on //", { rawPath: "//" }],
  ["on the path of a stage", { stage: "prod", rawPath: "/prod" }],
  ["on the root of a stage", { stage: "prod", rawPath: "/prod/" }],
  ["on / of a stage", { stage: "prod", rawPath: "/" }],
  ["of a stage without a name", { stage: "", rawPath: "/" }],
  ["of a stage named as a path", { stage: "resource_providers", rawPath: "/resource_providers" }],
];

/** Aliases and versions that are not API Gateway's. */
const OTHERS = [undefined, "direct", "$LATEST", "1", "HTTP", "http2", "http:1"];

/** All that is refused of one request: what it is, and with which status. */
async function forge(operation: AnyOperation, wanted: Wanted) {
  const outcomes: [string, number | undefined, number][] = [];
  for (const [what, change] of UNSIGNED) {
    const answer = await send(operation, gatewayEvent(wanted, change).event, { alias: "http" });
    outcomes.push([what, answer.statusCode, 401]);
  }
  for (const alias of OTHERS) {
    for (const change of [{ signer: SIGNER }, { signer: SIGNER, rawPath: "/" }, { rawPath: "/" }]) {
      const answer = await send(operation, gatewayEvent(wanted, change).event, { alias });
      outcomes.push([`as ${alias}: ${JSON.stringify(change)}`, answer.status, 400]);
    }
  }
  const direct = directEvent(gatewayEvent(wanted), wanted.body);
  const runtime = deployedAs(api.runtime, ["admin", "service"]);
  const answer = await send(operation, direct, { alias: "http", runtime });
  outcomes.push(["a direct request as http", answer.statusCode, 400]);
  return outcomes;
}

const statuses = (outcomes: readonly (readonly [string, number | undefined, number])[]) =>
  outcomes.map(([what, status]) => [what, status]);
const expected = (outcomes: readonly (readonly [string, number | undefined, number])[]) =>
  outcomes.map(([what, , status]) => [what, status]);

describe.each(ruled.map((operation) => [operation.id, operation] as const))(
  "%s",
  (_, operation) => {
    const wanted = { method: methodOf(operation), path: examplePath(operation, randomUUID()) };

    test("has no answer but a refusal for who is not vouched for, and opens no table", async () => {
      const opened: unknown[] = [];
      const openStore: Runtime["openStore"] = (parts) => {
        opened.push(parts);
        return api.runtime.openStore(parts);
      };
      const runtime = { ...deployedAs(api.runtime), openStore };
      const before = api.logs.length;
      const outcomes = await forge(operation, wanted);
      for (const [what, change] of UNSIGNED) {
        const { event } = gatewayEvent({ ...wanted, version: "9.9" }, change);
        const answer = await send(operation, event, { alias: "http", runtime });
        outcomes.push([`${what}, before its version is looked at`, answer.statusCode, 401]);
      }
      expect(statuses(outcomes)).toEqual(expected(outcomes));
      expect(opened).toEqual([]);
      expect(api.logs.slice(before).every(({ level }) => level === "INFO")).toBe(true);
    });

    test("is open to who is vouched for, whatever the path says", async () => {
      for (const rawPath of [wanted.path, "/"]) {
        const { event } = gatewayEvent(wanted, { signer: SIGNER, rawPath });
        const answer = await send(operation, event, { alias: "http" });
        expect([401, 403, 500, 503]).not.toContain(answer.statusCode);
      }
    });

    test("is not carried out without an identity, should a step before have let it pass", () => {
      const requestContext = {
        operation,
        identity: undefined,
        runtime: api.runtime,
      } as RequestContext;
      expect(() => permit(requestContext)).toThrow(MissingIdentity);
    });
  },
);

test("no write is made by a forged event, at any moment at which it would succeed", async () => {
  const provider = await makeProvider(api, { VCPU: 100 });
  for (const step of everyWrite(provider)) {
    const { operation } = gatewayEvent(step);
    if (operation === undefined) throw new Error(`${step.what} has no operation`);
    const before = await api.items();
    const outcomes = await forge(operation, step);
    expect([step.what, statuses(outcomes)]).toEqual([step.what, expected(outcomes)]);
    expect(await api.items(), step.what).toEqual(before);
    expect((await sendStep(api, step)).status, step.what).toBe(step.status);
  }
});

describe("behind $default", () => {
  const answer = async (method: string, change: EventChange) => {
    const { event } = gatewayEvent({ method, path: "/" }, change);
    return (await send(refuseUnrouted, event, { alias: "http" })).statusCode;
  };

  test.each(["/", "", "/prod", "/prod/"])("%j is the root, which needs no token", async (path) => {
    const change = path.startsWith("/prod") ? { stage: "prod" } : {};
    expect(await answer("POST", { ...change, rawPath: path })).toBe(405);
  });

  test.each([
    ["//", "$default"],
    ["/prod", "$default"],
    ["/production", "prod"],
    ["/nowhere", "prod"],
    ["/prod/nowhere", "prod"],
    ["/resource_providers", "$default"],
    ["prod", "prod"],
  ])("%j of the stage %s needs one", async (rawPath, stage) => {
    expect(await answer("POST", { rawPath, stage })).toBe(401);
    expect([404, 405]).toContain(await answer("POST", { rawPath, stage, signer: SIGNER }));
  });
});

test("what has no rule is open on the alias of API Gateway, and there alone", async () => {
  for (const operation of operations.filter(({ rule }) => rule === undefined)) {
    const wanted = { method: "GET", path: examplePath(operation, "x") };
    const { event } = gatewayEvent(wanted);
    expect((await send(operation, event, { alias: "http" })).statusCode).toBe(200);
    expect((await send(operation, event, { alias: "direct" })).status).toBe(400);
  }
});

test("a refusal names the alias that takes the event", async () => {
  const [operation] = ruled;
  if (operation === undefined) throw new Error("no operation has a rule");
  const { event } = gatewayEvent({ method: "GET", path: "/traits" }, { signer: SIGNER });
  const forged = await send(operation, event, { alias: "direct" });
  expect(JSON.stringify(forged.body)).toContain("invoke the alias 'http'");
  expect(JSON.stringify(forged)).not.toContain("x-auth-token");
  const direct = await send(operation, { version: "1.39" }, { alias: "http" });
  expect(JSON.stringify(direct.body)).toContain("invoke the alias 'direct'");
});
