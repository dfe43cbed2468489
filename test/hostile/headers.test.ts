/** Paths, queries and headers that try to be something else. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createResourceProvider } from "../../functions/resource-providers/create.ts";
import { consoleLog } from "../../lib/api/console-log.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import { httpEvent } from "../../lib/local/http-event.ts";
import { useApi } from "../support/frame.ts";
import { expectForeseen, expectRefused } from "../support/hostile.ts";
import { sendRaw } from "../support/http-client.ts";
import { lambdaContext } from "../support/lambda-context.ts";
import { printedBy } from "../support/printed.ts";
import { detailOf, makeProvider } from "../support/world.ts";

const api = useApi();

beforeAll(async () => {
  await api.request("PUT", "/traits/CUSTOM_A");
});

describe("a path", () => {
  test.each([
    ["/resource_providers/../traits", 404],
    ["/resource_providers/..", 404],
    ["/resource_providers/%2e%2e", 404],
    ["/resource_providers/%2e%2e%2ftraits", 404],
    ["/./traits", 404],
    ["//traits", 404],
    ["/traits/", 404],
    ["/traits%2FCUSTOM_A", 204],
    ["/traits/CUSTOM_A%00", 404],
    ["/traits/%00", 404],
    ["/traits/CUSTOM_A%2F..", 404],
    ["/traits/CUSTOM_A%252F", 404],
    ["/traits/%43USTOM_A", 204],
    ["/traits/%2543USTOM_A", 404],
    ["/traits/CUSTOM_A;x=1", 404],
    ["/traits/CUSTOM_A%0d%0aX-Evil:1", 404],
    ["/traits/custom_a", 404],
    ["/TRAITS/CUSTOM_A", 404],
    ["/traits/%zz", 404],
    ["/traits/%c0%af", 404],
    ["/traits/%ed%a0%80", 404],
    ["/traits/__proto__", 404],
    ["/traits/constructor", 404],
    ["/resource_providers/__proto__", 404],
    ["/consumers/__proto__", 404],
    [`/traits/${"A".repeat(8_000)}`, 404],
    [`/resource_providers/${"%00".repeat(2_000)}`, 404],
    [`/consumers/${"a/".repeat(3_000)}`, 404],
  ])("%s is what it says, decoded once", async (path, status) => {
    const answer = await api.request("GET", path);
    expect(answer.status).toBe(status);
    expectForeseen(api, answer, path);
  });

  test.each([
    ["PUT", "/traits/CUSTOM_A%0d%0aX-Evil:%201", 400],
    ["PUT", "/traits/CUSTOM_%00", 400],
    ["PUT", "/traits/CUSTOM_a", 400],
    ["PUT", "/traits/CUSTOM_%C4%B0", 400],
    ["PUT", "/resource_classes/CUSTOM_A%0aB", 400],
    ["PUT", "/resource_classes/CUSTOM_A%0a", 400],
    ["DELETE", "/traits/..%2f..%2fCUSTOM_A", 404],
    ["DELETE", "/resource_providers/%00", 404],
    ["DELETE", "/allocations/%00", 404],
    ["DELETE", "/consumers/%00?generation=0", 404],
  ])("%s %s changes nothing", async (method, path, status) => {
    await expectRefused(api, status, () => api.request(method, path));
  });
});

describe("a query", () => {
  test("has a bound on its parameters, for every operation", async () => {
    const pairs = (count: number) => Array.from({ length: count }, () => "a=1").join("&");
    for (const path of ["/resource_providers", "/traits", `/resource_providers/${randomUUID()}`]) {
      const over = await api.request("GET", `${path}?${pairs(LIMITS.queryParameters + 1)}`);
      expect(over.status).toBe(400);
      expect(detailOf(over)).toContain(`at most ${LIMITS.queryParameters} parameters`);
    }
    const under = await api.request("GET", `/?${pairs(LIMITS.queryParameters)}`);
    expect(under.status).toBe(200);
    const long = await api.request("GET", `/traits?${"n".repeat(LIMITS.queryNameLength + 1)}=1`);
    expect(detailOf(long)).toContain("names of at most 256 characters");
  });

  test.each([
    ["/resource_providers?__proto__=1", 400],
    ["/resource_providers?constructor=1", 400],
    ["/traits?name=in:__proto__", 200],
    ["/traits?name=startswith:%00", 200],
    ["/resource_providers?name=%ff%fe", 200],
    ["/resource_providers?name=%ed%a0%80", 200],
    [`/resource_providers?name=${"x".repeat(5_000)}`, 200],
    ["/resource_providers?uuid=../../etc", 400],
    ["/resource_providers?resources=VCPU:1e9", 400],
    ["/resource_providers?resources=VCPU:-0", 400],
    ["/resource_providers?resources=VCPU:99999999999999999999999999", 200],
    ["/resource_providers?resources=__proto__:1", 400],
    ["/resource_providers?required=__proto__", 400],
    [`/resource_providers?required=${"!".repeat(5_000)}A`, 400],
    [`/resource_providers?member_of=in:${"a,".repeat(3_000)}`, 400],
    ["/usages?project_id=__proto__", 200],
    ["/usages?project_id=%00", 200],
    ["/usages?project_id=p&consumer_type=__proto__", 400],
    ["/consumers?project_id=p&marker=____", 400],
    ["/consumers?idle_for=999999999999999", 200],
    ["/consumers?idle_for=1e3", 400],
  ])("%s is answered %i", async (path, status) => {
    const answer = await api.request("GET", path);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expectForeseen(api, answer, path);
  });
});

describe("a header", () => {
  const create = lambda(createResourceProvider, async () => api.runtime);

  /** As no HTTP server passes it on, but an event may say it. */
  async function locationWith(headers: Readonly<Record<string, string>>): Promise<string> {
    const rawHeaders = ["X-Auth-Token", "admin", "Content-Type", "application/json"];
    const request = {
      method: "POST",
      target: "/resource_providers",
      httpVersion: "1.1",
      rawHeaders,
      sourceIp: "127.0.0.1",
      localPort: 80,
      body: Buffer.from(JSON.stringify({ name: randomUUID() })),
    };
    const { event } = httpEvent([createResourceProvider], request, Date.now());
    const answer = (await create(
      { ...event, headers: { ...event.headers, ...headers } },
      lambdaContext("http"),
    )) as { statusCode: number; headers: Record<string, string> };
    expect(answer.statusCode).toBe(201);
    return answer.headers["location"] ?? "";
  }

  test.each([
    ["host", "a\r\nX-Evil: 1"],
    ["host", "evil/path?x=1#"],
    ["host", "user:pass@evil"],
    ["x-forwarded-proto", "javascript"],
    ["x-forwarded-proto", "http\r\nX-Evil: 1"],
  ])("%s: %j has no part in a Location", async (name, value) => {
    const location = await locationWith({ host: "api.example", [name]: value });
    expect(location).toMatch(/^https?:\/\/[a-z0-9.:]+\/resource_providers\/[0-9a-f-]{36}$/);
  });

  test("of line breaks is no second header", async () => {
    const { host } = new URL(api.url);
    const lines = [`Host: ${host}`, "Connection: close", "X-Auth-Token: admin"];
    const raw = (more: string) =>
      sendRaw(api.url, `GET /traits/NONE HTTP/1.1\r\n${[...lines, more].join("\r\n")}\r\n\r\n`);
    for (const more of [
      "Accept: a\rX-Evil: 1",
      "OpenStack-API-Version: placement 1.1\u000bX-Evil: 1",
      "X-Openstack-Request-Id: req-1\rX-Evil: 1",
      "Origin: https://a\rX-Evil: 1",
    ]) {
      const [head = ""] = (await raw(more)).split("\r\n\r\n");
      expect(head.toLowerCase(), more).not.toMatch(/^x-evil/m);
    }
  });

  test("of a request id is not believed", async () => {
    const headers = { "x-openstack-request-id": "req-mine" };
    const answer = await api.request("GET", "/traits", { headers });
    expect(answer.headers["x-openstack-request-id"]).not.toBe("req-mine");
  });

  test.each([
    ["accept", "text/html,".repeat(900)],
    ["accept", ",;q=".repeat(2_000)],
    ["openstack-api-version", "placement 1.1,".repeat(600)],
    ["openstack-api-version", `placement ${" ".repeat(8_000)}1.1`],
    ["content-type", `application/json${" ;".repeat(4_000)}`],
    ["x-roles", ",".repeat(9_000)],
    ["idempotency-key", "a".repeat(9_000)],
  ])("%s may be long, and costs no more than that", async (name, value) => {
    const given = { body: { name: randomUUID() }, headers: { [name]: value } };
    const answer = await api.request("POST", "/resource_providers", given);
    expectForeseen(api, answer, name);
  });
});

describe("an error in HTML", () => {
  test.each(["<script>alert(1)</script>", "<img src=x onerror=alert(1)", "&lt;script&gt;"])(
    "has no markup of the client's: %s",
    async (text) => {
      const path = `/resource_providers/${encodeURIComponent(text)}`;
      const answer = await api.request("GET", path, { headers: { accept: "text/html" } });
      expect(answer.headers["content-type"]).toBe("text/html; charset=UTF-8");
      expect(answer.body).not.toMatch(/<(script|img)/i);
    },
  );
});

describe("a name", () => {
  test("is compared by its characters: neither case nor Unicode's forms are folded", async () => {
    const names = ["caf\u00e9", "cafe\u0301", "CAF\u00c9", "caf\u00e9 ", "caf\u00e9\u200b"];
    for (const name of names) {
      const answer = await api.request("POST", "/resource_providers", { body: { name } });
      expect(answer).toMatchObject({ status: 200, body: { name } });
    }
    for (const name of names) {
      const query = `name=${encodeURIComponent(name)}`;
      const { body } = await api.request("GET", `/resource_providers?${query}`);
      expect(body.resource_providers).toMatchObject([{ name }]);
    }
  });

  test("of project and user too", async () => {
    for (const project of ["pr\u00f6j", "pro\u0308j", "PR\u00d6J"]) {
      const body = { project_id: project, user_id: "u" };
      expect((await api.request("POST", "/consumers", { body })).status).toBe(201);
      const list = await api.request("GET", `/consumers?project_id=${encodeURIComponent(project)}`);
      expect(list.body.consumers).toHaveLength(1);
    }
  });

  test("a uuid in any form is one provider", async () => {
    const uuid = randomUUID();
    await makeProvider(api, {}, { uuid });
    for (const form of [uuid.toUpperCase(), uuid.replaceAll("-", ""), `{${uuid}}`]) {
      const body = { name: randomUUID(), uuid: form };
      const answer = await api.request("POST", "/resource_providers", { body });
      expect(answer.status, form).toBe(409);
    }
  });
});

test("a log entry is one line, whatever a client put into it", () => {
  const lines = printedBy(() => {
    consoleLog({ level: "WARN", message: 'a\r\n{"level":"ERROR"}\u2028\u001b[31m' });
  });
  expect(lines).toHaveLength(1);
  for (const character of ["\r", "\n", "\u001b"]) expect(String(lines[0])).not.toContain(character);
});
