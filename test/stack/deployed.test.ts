/** The deployed code is tested: the assembly's bundles, behind its routes, on a real engine. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { operations, tasks } from "../../functions/index.ts";
import { methodOf, pathOf } from "../../lib/api/operation.ts";
import { testEndpoint } from "../support/engine.ts";
import { referred, synthesize } from "./support/assembly.ts";
import { type Deployed, deploy } from "./support/deployed.ts";
import { answerOf, eventOf, routeOf, type SignedRequest } from "./support/gateway.ts";
import { apiOf, behind } from "./support/routes.ts";

const ORIGIN = "https://horizon.example";
const role = (name: string) => `arn:aws:sts::123456789012:assumed-role/${name}/session`;
const [nova, monitoring, nobody] = ["nova", "monitoring", "nobody"].map(role) as [
  string,
  string,
  string,
];

const KEY = "/cell1/placement";
const DOMAIN = {
  domainName: "cloud.example",
  certificateArn:
    "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  mappingKey: KEY.slice(1),
};

/** Milliseconds to bundle all functions, where other tests run beside it. */
const DEPLOY_TIMEOUT = 240_000;

let placement: Deployed;

beforeAll(async () => {
  placement = await deploy(
    testEndpoint(),
    {
      corsOrigins: [ORIGIN],
      endpoints: [{ kind: "iam", ...DOMAIN }],
      callers: {
        "arn:aws:iam::123456789012:role/compute/nova": ["service"],
        "arn:aws:iam::123456789012:role/monitoring": ["reader"],
      },
    },
    // What switches identity on a local server means nothing here.
    { PLACEMENT_AUTH_STRATEGY: "noauth2", AUTH_STRATEGY: "noauth2" },
  );
}, DEPLOY_TIMEOUT);
afterAll(() => placement?.close());

const as =
  (caller: string) =>
  (method: string, target: string, request: SignedRequest = {}) =>
    placement.request(method, target, { caller, ...request });

/** A path of the template, with values for its variables. */
const examplePath = (path: string) => path.replaceAll(/\{\w+\}/g, randomUUID());

test("runs on the release of the stack, where that is asked for", () => {
  const runtimes = placement.assembly
    .ofType("AWS::Lambda::Function")
    .map(([, { Properties }]) => String(Properties.Runtime));
  const [runtime = ""] = new Set(runtimes);
  const ours = process.version.replace(/\..*/, "");
  const expected = process.env["LAMBDA_NODE"] ? runtime.replace(/^nodejs(\d+)\.x$/, "v$1") : ours;
  expect(placement.release.replace(/\..*/, "")).toBe(expected);
});

test("a day of a provider and a consumer, over HTTP and by direct invocation", async () => {
  const send = as(nova);
  const provider = randomUUID();
  const made = await send("POST", "/resource_providers", {
    body: { name: "host", uuid: provider },
  });
  expect(made.status).toBe(200);
  expect(made.body).toMatchObject({ uuid: provider, generation: 0 });

  const inventories = { VCPU: { total: 8, allocation_ratio: 2 } };
  const stocked = await send("PUT", `/resource_providers/${provider}/inventories`, {
    body: { resource_provider_generation: 0, inventories },
  });
  expect(stocked.status).toBe(200);

  const consumer = randomUUID();
  const claim = (amount: number, generation: number | null) => ({
    allocations: { [provider]: { resources: { VCPU: amount } } },
    project_id: "project",
    user_id: "user",
    consumer_generation: generation,
    consumer_type: "INSTANCE",
  });
  const path = `/allocations/${consumer}`;
  expect((await send("PUT", path, { body: claim(6, null) })).status).toBe(204);
  const repeated = await send("PUT", path, { body: claim(6, null) });
  expect(repeated.status).toBe(409);
  expect(repeated.body.errors[0].code).toBe("placement.concurrent_update");
  expect((await send("PUT", path, { body: claim(17, 1) })).status).toBe(409);

  const shown = await placement.invoke("allocations/show", {
    version: "latest",
    parameters: { consumer_uuid: consumer },
  });
  expect(shown).toMatchObject({ status: 200, body: { consumer_generation: 1 } });
  expect(shown.body.allocations[provider].resources).toEqual({ VCPU: 6 });

  const usages = await send("GET", "/usages?project_id=project&consumer_type=INSTANCE");
  expect(usages.body.usages).toEqual({ INSTANCE: { consumer_count: 1, VCPU: 6 } });

  expect((await send("DELETE", `/resource_providers/${provider}`)).status).toBe(409);
  expect((await send("DELETE", path)).status).toBe(204);
  expect((await send("DELETE", `/resource_providers/${provider}`)).status).toBe(204);
  expect((await send("GET", `/resource_providers/${provider}`)).status).toBe(404);
});

test("the tasks, with the inputs of their schedules and of an operator", async () => {
  const consumer = { uuid: randomUUID(), project_id: "p", user_id: "u" };
  const made = await as(nova)("POST", "/consumers", { body: consumer });
  expect(made.status).toBe(201);
  const { assembly } = placement;
  const reports: Record<string, unknown> = {};
  for (const [, { Properties }] of assembly.ofType("AWS::Events::Rule")) {
    const [target] = Properties.Targets;
    const name: string = assembly.resources[referred(target.Arn)]?.Properties.FunctionName;
    const task = name.replace(/^.*-maintenance-/, "maintenance/");
    reports[task] = await placement.invoke(task, JSON.parse(target.Input));
  }
  expect(reports).toEqual({
    "maintenance/finish-changes": expect.objectContaining({ found: 0, done: 0 }),
    "maintenance/release-expired": expect.objectContaining({ done: 0 }),
    "maintenance/write-profile-pages": expect.objectContaining({ complete: true }),
  });
  const named = { batch_size: 10, consumers: [consumer.uuid] };
  const swept = await placement.invoke("maintenance/delete-idle-consumers", named);
  expect(swept).toEqual({ found: 1, done: 1 });
  const rebuilt = await placement.invoke("maintenance/rebuild-records", {});
  expect(rebuilt).toMatchObject({ found: 0, done: 0, complete: true });
  await expect(
    placement.invoke("maintenance/rebuild-records", { batch_size: "all" }),
  ).rejects.toThrow("batch_size");
});

describe.each(operations.filter(({ rule }) => rule !== undefined))("$id", (operation) => {
  const method = methodOf(operation);
  const { parameter } = operation.onlyWith ?? {};
  const query = parameter === undefined ? "" : `?${parameter}=${randomUUID()}`;
  const path = `${examplePath(pathOf(operation))}${query}`;
  const request = {
    headers: { "x-auth-token": "admin" },
    ...(operation.body === undefined ? {} : { body: {} }),
  };

  it("is for signed requests of callers that have a role", async () => {
    const unsigned = await placement.request(method, path, {
      headers: { "x-auth-token": "admin" },
    });
    expect(unsigned).toMatchObject({ status: 403, body: { message: "Forbidden" } });
    const refused = await as(nobody)(method, path, request);
    expect(refused.status).toBe(403);
    expect(refused.headers["x-openstack-request-id"]).toMatch(/^req-/);
  });

  it("runs when it is invoked directly", async () => {
    const refused = await placement.invoke(operation.id, { version: "9.9" });
    expect(refused).toMatchObject({ status: 400 });
    expect(JSON.stringify(refused.body)).toContain("version");
  });
});

const REFUSED = new Map([
  // Of two forms that it may have, the first is the one that is told about.
  ["maintenance/delete-idle-consumers", "older_than"],
  // Lambda determines the form of what a stream tells, and may add to it.
  ["maintenance/feed-events", "Records"],
]);

it.each(tasks.map(({ id }) => id))("%s refuses an input that is not its own", async (id) => {
  const words = REFUSED.get(id) ?? "surplus";
  await expect(placement.invoke(id, { surplus: true })).rejects.toThrow(words);
});

it("answers 401 itself, should an event come without a signer", async () => {
  const event = {
    version: "2.0",
    rawPath: "/resource_providers",
    rawQueryString: "",
    headers: { host: "abc.example", "x-auth-token": "admin" },
    requestContext: { http: { method: "GET" }, stage: "$default" },
  };
  const answer = await placement.invoke("resource-providers/list", event, "http");
  expect(answer.statusCode).toBe(401);
  const direct = await placement.invoke("resource-providers/list", event);
  expect(direct).toMatchObject({ status: 400 });
});

it("gives a caller what the policy gives to its roles", async () => {
  const own = "/usages?project_id=123456789012";
  expect((await as(monitoring)("GET", own)).status).toBe(200);
  expect((await as(monitoring)("GET", "/usages?project_id=other")).status).toBe(403);
  expect((await as(monitoring)("GET", "/resource_providers")).status).toBe(403);
});

it("shows its versions and its description to everybody", async () => {
  const answer = await placement.request("GET", "/");
  expect(answer.status).toBe(200);
  expect(answer.body.versions[0]).toMatchObject({ min_version: "1.0", max_version: "1.39" });
  const description = await placement.request("GET", "/openapi.json");
  expect(description.status).toBe(200);
  expect(Object.keys(description.body.paths)).toContain("/resource_providers");
});

it("answers what no route takes, to signed requests", async () => {
  expect((await as(nova)("GET", "/nothing/here")).body.errors[0].status).toBe(404);
  const refused = await as(nova)("PATCH", "/resource_providers");
  expect(refused.status).toBe(405);
  expect(refused.headers["allow"]).toBe("GET, POST");
  expect((await placement.request("GET", "/nothing/here")).body).toEqual({ message: "Forbidden" });
});

it("lets a browser of an allowed origin ask, sign and read", async () => {
  const preflight = (origin: string) =>
    placement.request("OPTIONS", "/resource_providers", {
      headers: {
        origin,
        "access-control-request-method": "GET",
        "access-control-request-headers": "authorization,x-amz-date,x-amz-security-token",
      },
    });
  const allowed = await preflight(ORIGIN);
  expect(allowed.status).toBe(200);
  expect(allowed.headers).toMatchObject({
    "access-control-allow-origin": ORIGIN,
    "access-control-allow-headers": "authorization,x-amz-date,x-amz-security-token",
  });
  expect((await preflight("https://other.example")).headers).not.toHaveProperty(
    "access-control-allow-origin",
  );
  const root = await placement.request("OPTIONS", "/", { headers: { origin: ORIGIN } });
  expect(root.status).toBe(200);
  const read = await as(nova)("GET", "/resource_providers", { headers: { origin: ORIGIN } });
  expect(read.headers["access-control-allow-origin"]).toBe(ORIGIN);
});

describe.each([
  ["on its domain, below the mapping's key", KEY, `cloud.example${KEY}`],
  ["by API Gateway's own name", undefined, "abc.execute-api.us-east-1.amazonaws.com"],
])("an API that is called %s", (_, key, place) => {
  const send = (method: string, target: string, body?: unknown) =>
    placement.request(method, target, {
      caller: nova,
      ...(key === undefined ? {} : { key }),
      ...(body === undefined ? {} : { body }),
    });

  it("says in links and Location where that is", async () => {
    const uuid = randomUUID();
    const made = await send("POST", "/resource_providers", { name: uuid, uuid });
    expect(made.status).toBe(200);
    const path = `/resource_providers/${uuid}`;
    expect(String(made.headers["location"]).replace(/^https?:\/\//, "")).toBe(`${place}${path}`);
    expect(made.body.links[0]).toEqual({ rel: "self", href: `${key ?? ""}${path}` });
    expect((await send("GET", path)).body.uuid).toBe(uuid);
  });

  it("answers what no route takes", async () => {
    expect((await send("GET", "/nothing/here")).status).toBe(404);
    const refused = await send("PATCH", "/resource_providers");
    expect([refused.status, refused.headers["allow"]]).toEqual([405, "GET, POST"]);
    expect((await send("POST", "/")).status).toBe(405);
  });
});

describe.each([
  ["by its own name", undefined, "/placement"],
  ["on its domain, below the mapping's key", KEY, KEY],
])("through a REST API %s, in payload format 1.0", (_, key, base) => {
  const assembly = synthesize(
    { endpoints: [{ kind: "iam", rest: true, ...DOMAIN }] },
    { templateOnly: true },
  );
  afterAll(() => assembly.remove());
  const api = apiOf(assembly);

  const send = async (method: string, target: string, request: SignedRequest) => {
    const match = routeOf(api, method, target);
    const mapped = key === undefined ? {} : { key };
    const event = eventOf(api, match, { method, target, ...mapped, ...request });
    const name = behind(assembly, match.route).lambda.Properties.FunctionName;
    return answerOf(await placement.invoke(name.replace("placement-", ""), event, "http"));
  };

  it("makes, shows and lists, and answers what no route takes", async () => {
    const uuid = randomUUID();
    const caller = nova;
    const provider = { name: `rest-${uuid}`, uuid };
    const made = await send("POST", "/resource_providers", { caller, body: provider });
    expect(made).toMatchObject({ status: 200, body: { uuid, generation: 0 } });
    expect(made.headers["location"]).toMatch(
      new RegExp(`[a-z]${base}/resource_providers/${uuid}$`),
    );
    const shown = await send("GET", `/resource_providers/${uuid}`, { caller });
    expect(shown.body.name).toBe(provider.name);
    const listed = await send("GET", `/resource_providers?uuid=${uuid}`, { caller });
    expect(listed.body.resource_providers).toHaveLength(1);
    expect((await send("GET", "/nothing/here", { caller })).status).toBe(404);
    const refused = await send("PATCH", "/resource_providers", { caller });
    expect([refused.status, refused.headers["allow"]]).toEqual([405, "GET, POST"]);
    expect((await send("GET", "/resource_providers", { caller: nobody })).status).toBe(403);
    expect((await send("GET", "/", {})).status).toBe(200);
  });
});
