/** `GET /metrics` says what the JSON API says, in Prometheus' text format. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listMetrics } from "../../functions/metrics/list.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { CANARY_CLASS } from "../../lib/model/canary.ts";
import { chance } from "../support/chance.ts";
import { deployedAs, gatewayEvent, SIGNER } from "../support/events.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { readExposition } from "../support/exposition.ts";
import { useApi } from "../support/frame.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { startTokenApis, type TokenApis } from "../support/token-apis.ts";
import { claim, makeProvider } from "../support/world.ts";
import { expectedValues, makeFleet, type Values, valuesOf } from "./world.ts";

const HOSTS = 40;
const TYPE = "text/plain; version=0.0.4";

const api = useApi();
const random = chance("a fleet for metrics");

const get = (query = "", options = {}) => api.request("GET", `/metrics${query}`, options);

async function values(query = ""): Promise<Values> {
  const answer = await get(query);
  expect([answer.status, answer.headers["content-type"]]).toEqual([200, TYPE]);
  return valuesOf(readExposition(answer.body));
}

beforeAll(() => makeFleet(api, random, HOSTS));

describe("metrics", () => {
  test("of a random fleet are what the reads of each provider show", async () => {
    const expected = await expectedValues(api, false);
    expect(expected.size).toBeGreaterThan(HOSTS * 5);
    expect(await values()).toEqual(expected);
    expect(await values("?allocations=false")).toEqual(expected);
  });

  test("have allocations only if they are asked for", async () => {
    const expected = await expectedValues(api, true);
    expect(await values("?allocations=true")).toEqual(expected);
    expect(expected.size).toBeGreaterThan((await values()).size);
  });

  test("are gauges with the names and labels that dashboards use", async () => {
    const families = readExposition((await get("?allocations=true")).body);
    const resource = ["hostname", "resourcetype"];
    const labels = {
      openstack_placement_resource_total: resource,
      openstack_placement_resource_reserved: resource,
      openstack_placement_resource_usage: resource,
      openstack_placement_resource_allocation_ratio: resource,
      openstack_placement_resource_generation: resource,
      openstack_placement_resource_provider_allocations: ["hostname", "uuid", "resourcetype"],
      openstack_placement_up: [],
    };
    expect([...families.keys()]).toEqual(Object.keys(labels));
    for (const [name, { type, help, samples }] of families) {
      expect([type, help.length > 20]).toEqual(["gauge", true]);
      const given = new Set(samples.map((sample) => Object.keys(sample.labels).join()));
      expect([name, ...given]).toEqual([name, labels[name as keyof typeof labels].join()]);
    }
  });

  test("follow each change", async () => {
    const uuid = await makeProvider(api, { VCPU: 8 }, { name: "changing" });
    await claim(api, random.uuid(), { [uuid]: { VCPU: 3 } });
    expect(await values()).toEqual(await expectedValues(api, false));
    await api.request("PUT", `/resource_providers/${uuid}`, { body: { name: "changed" } });
    expect(await values()).toEqual(await expectedValues(api, false));
    expect((await get()).body).toContain(
      'openstack_placement_resource_usage{hostname="changed",resourcetype="VCPU"} 3\n',
    );
  });

  test.each([
    ['quote " here', String.raw`quote \" here`],
    [String.raw`back \ slash`, String.raw`back \\ slash`],
    ["two\nlines", String.raw`two\nlines`],
    [String.raw`\n is no line`, String.raw`\\n is no line`],
    ["tab\tand é stay", "tab\tand é stay"],
  ])("escape names as the format does: %j", async (name, written) => {
    await makeProvider(api, { VCPU: 1 }, { name });
    expect((await get()).body).toContain(
      `\nopenstack_placement_resource_total{hostname="${written}",resourcetype="VCPU"} 1\n`,
    );
  });

  test("leave out the canary, and show the other classes of a provider that has its class", async () => {
    await api.request("PUT", `/resource_classes/${CANARY_CLASS}`);
    const canary = await makeProvider(api, { [CANARY_CLASS]: 10 }, { name: "canary" });
    const mixed = await makeProvider(api, { [CANARY_CLASS]: 10, VCPU: 4 }, { name: "mixed" });
    for (const uuid of [canary, mixed]) {
      const answer = await claim(api, random.uuid(), { [uuid]: { [CANARY_CLASS]: 1 } });
      expect(answer.status).toBe(204);
    }
    const { body } = await get("?allocations=true");
    expect(body).toContain('hostname="mixed"');
    expect(body).not.toContain("canary");
    expect(body).not.toContain(CANARY_CLASS);
    for (const uuid of [canary, mixed]) {
      const held = await api.request("GET", `/resource_providers/${uuid}/allocations`);
      for (const consumer of Object.keys(held.body.allocations)) {
        await api.request("DELETE", `/allocations/${consumer}`);
      }
      expect((await api.request("DELETE", `/resource_providers/${uuid}`)).status).toBe(204);
    }
  });
});

describe("parts", () => {
  test.each([2, 3, 7, 20])(
    "%i of them are the whole together, and disjoint",
    async (count) => {
      const whole = await values("?allocations=true");
      const all = new Map<string, number>();
      const hosts = new Map<string, number>();
      for (let index = 1; index <= count; index += 1) {
        const part = await values(`?allocations=true&part=${index}/${count}`);
        for (const [key, value] of part) {
          expect([key, all.has(key)]).toEqual([key, false]);
          all.set(key, value);
          const host = key.match(/"hostname","((?:[^"\\]|\\.)*)"/)?.[1];
          if (host === undefined) continue;
          expect(hosts.get(host) ?? index).toBe(index);
          hosts.set(host, index);
        }
      }
      expect(all).toEqual(whole);
      if (count < 10) expect(new Set(hosts.values()).size).toBe(count);
    },
    30_000,
  );

  test.each(["0/1", "1/0", "3/2", "1", "1/", "01/2", "1/1000", "a/b", "1/2/3", ""])(
    "there is no part %j",
    async (part) => {
      expectRefusal(await get(`?part=${part}`), { status: 400, message: /^Invalid query string/ });
    },
  );
});

describe("a request", () => {
  test.each([null, "1.0", "1.14", "1.15", "1.39", "latest"])(
    "is answered the same at microversion %s",
    async (version) => {
      const { body, headers } = await get("", { version });
      expect(body).toBe((await get()).body);
      expect(headers["cache-control"]).toBe("no-cache");
    },
  );

  test("of Prometheus is answered compressed", async () => {
    const accept =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    const headers = { accept, "accept-encoding": "gzip" };
    const answer = await get("", { headers });
    expect(answer.headers).toMatchObject({
      "content-type": TYPE,
      "content-encoding": "gzip",
      vary: "openstack-api-version, accept-encoding",
    });
    expect(answer.body).toBe((await get()).body);
  });

  test.each([
    ["text/plain", 200],
    ["text/*;q=0.1, application/json", 200],
    ["text/plain;version=0.0.4", 200],
    ["*/*", 200],
    ["application/json", 406],
    ["text/html", 406],
    ["text/plain;q=0", 406],
  ])("that accepts %s is answered %i", async (accept, status) => {
    const answer = await get("", { headers: { accept } });
    expect(answer.status).toBe(status);
    if (status === 406)
      expect(JSON.stringify(answer.body)).toContain("Only text/plain is provided");
  });

  test.each(["HEAD", "POST", "PUT", "DELETE"])("by %s is 405", async (method) => {
    const answer = await api.request(method, "/metrics");
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "GET"]);
  });

  test.each(["?allocations=yes", "?allocations=", "?limit=1", "?part=1/2&uuid=x"])(
    "with %s is refused",
    async (query) => {
      expectRefusal(await get(query), { status: 400, message: /^Invalid query string/ });
    },
  );
});

describe("a caller", () => {
  test.each([
    ["admin", 200],
    ["service", 200],
    ["member,reader", 403],
    ["", 403],
  ])("with the roles %j is answered %i", async (roles, status) => {
    const answer = await get("", { token: "u", roles });
    expect(answer.status).toBe(status);
    const message = "Policy does not allow placement:metrics:show to be performed.";
    if (status === 403) expectRefusal(answer, { status, message });
  });

  test("without a token is nobody, and may send a bearer token", async () => {
    expect((await get("", { token: null })).status).toBe(401);
    const headers = { authorization: "Bearer admin" };
    expect((await get("", { token: null, headers })).body).toBe((await get()).body);
  });

  test("of a deployed function signs, and gets the same", async () => {
    const { event } = gatewayEvent({ method: "GET", path: "/metrics" }, { signer: SIGNER });
    const handler = lambda(listMetrics, async () => deployedAs(api.runtime));
    const result = await handler(JSON.parse(JSON.stringify(event)), lambdaContext("http"));
    expect(result).toMatchObject({ statusCode: 200, headers: { "content-type": TYPE } });
    expect(result.body).toBe((await get()).body);
    const unsigned = gatewayEvent({ method: "GET", path: "/metrics" });
    expect(await handler(unsigned.event, lambdaContext("http"))).toMatchObject({ statusCode: 401 });
  });

  test("that invokes the function directly gets the text as it is", async () => {
    const handler = lambda(listMetrics, async () => api.runtime);
    const event = { version: "1.39", parameters: { part: "1/1" } };
    const { body } = await handler(event, lambdaContext("direct"));
    expect(body).toBe((await get()).body);
  });
});

describe("another rule", () => {
  const other = useApi({
    configuration: { policyRules: { "placement:metrics:show": "role:monitoring" } },
  });

  test("lets others in, to nothing else", async () => {
    const ask = async (path: string, roles: string) =>
      (await other.request("GET", path, { token: "u", roles })).status;
    expect(await ask("/metrics?allocations=true", "monitoring")).toBe(200);
    expect(await ask("/metrics", "admin")).toBe(403);
    expect(await ask("/resource_providers", "monitoring")).toBe(403);
  });
});

describe("tokens of an identity service", () => {
  let servers: TokenApis;
  beforeAll(async () => {
    servers = await startTokenApis((token) =>
      token === "ops" ? { user: "u", project: "p", roles: ["admin"] } : undefined,
    );
  });
  afterAll(() => servers.close());

  test.each(["keystone", "jwt"] as const)("come as a bearer token: %s", async (kind) => {
    const { apis, issuer } = servers;
    const valid = kind === "jwt" ? await issuer.sign({ sub: "u", roles: ["admin"] }) : "ops";
    const ask = (token: string) =>
      apis[kind].request("GET", "/metrics", {
        token: null,
        headers: { authorization: `Bearer ${token}` },
      });
    const answer = await ask(valid);
    expect(answer.status).toBe(200);
    expect([...valuesOf(readExposition(answer.body)).values()]).toEqual([1]);
    expect((await ask("none")).status).toBe(401);
  });
});
