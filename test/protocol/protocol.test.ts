/** The protocol around every operation: routes, media types, versions and the root document. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { sendRaw } from "../support/http-client.ts";
import { makeProvider } from "../support/world.ts";

const REQUEST_ID = /^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 4 });
});

describe("the root document", () => {
  test("names the versions, at any version and without a token", async () => {
    for (const version of [null, "1.0", "1.39", "latest"]) {
      const answer = await api.request("GET", "/", { version, token: null });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        versions: [
          {
            id: "v1.0",
            min_version: "1.0",
            max_version: "1.39",
            status: "CURRENT",
            links: [{ rel: "self", href: "" }],
          },
        ],
      });
    }
  });

  test("ignores Accept", async () => {
    const answer = await api.request("GET", "/", { headers: { accept: "text/plain" } });
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
  });

  test("answers the empty path too", async () => {
    const { host } = new URL(api.url);
    const bare = `GET ${api.url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(api.url, bare);
    expect(answer).toContain("HTTP/1.1 200 OK");
    expect(answer).toContain('"max_version":"1.39"');
  });
});

describe("versions", () => {
  const versionOf = async (header: string | readonly string[]) => {
    const headers = { "openstack-api-version": header };
    const answer = await api.request("GET", "/resource_providers", { version: null, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["vary"]).toBe("openstack-api-version");
    return answer.headers["openstack-api-version"];
  };

  test.each([
    ["placement 1.5", "placement 1.5"],
    ["placement 1.39", "placement 1.39"],
    ["placement latest", "placement 1.39"],
    ["compute 2.1", "placement 1.0"],
    ["placement 1.5, compute 2.1", "placement 1.5"],
    ["compute 2.1,placement 1.20", "placement 1.20"],
    [["placement 1.5", "compute 2.1"], "placement 1.5"],
    // As Python reads integers.
    ["placement 1.+5", "placement 1.5"],
    ["placement +01.05", "placement 1.5"],
    ["placement 1. 5", "placement 1.5"],
    ["placement 1\t.\t5", "placement 1.5"],
    ["placement 1.1_0", "placement 1.10"],
    ["placement 1.-0", "placement 1.0"],
    [`placement 1.${"0".repeat(50)}5`, "placement 1.5"],
    ["placement\u00a01.5", "placement 1.5"],
    ["placement 1.5\u0085", "placement 1.5"],
    ["placement 1.5, placement", "placement 1.5"],
  ])("%j is %s", async (header, version) => {
    expect(await versionOf(header)).toBe(version);
  });

  test("no header is 1.0", async () => {
    const answer = await api.request("GET", "/resource_providers", { version: null });
    expect(answer.headers["openstack-api-version"]).toBe("placement 1.0");
  });

  test.each([
    ...["0.9", "1.40", "1.999999999", "2.0", "10.1", "1.-1", "-1.0", "-1.-39", "-0.5", "1_0.0"],
    ...["0.0", `1.${"9".repeat(400)}`],
  ])("%s is not served", async (version) => {
    for (const path of ["/", "/resource_providers", "/nowhere"]) {
      const answer = await api.request("GET", path, { version });
      expect(answer.status).toBe(406);
      const [error] = answer.body.errors;
      expect(error).toMatchObject({
        status: 406,
        title: "Not Acceptable",
        min_version: "1.0",
        max_version: "1.39",
      });
      expect(error.detail).toContain(`\n\n Unacceptable version header: ${version}`);
      expect(error).not.toHaveProperty("code");
      expect(answer.headers).not.toHaveProperty("vary");
      expect(answer.headers).not.toHaveProperty("openstack-api-version");
    }
  });

  test.each([
    ...["1", "1.x", "pony.horse", "1.2.3", "1.5 beta", "1.", ".5", ".", "1.--1", "1.- 1", "1.+-1"],
    ...[
      "1._1",
      "1.1_",
      "1.1__0",
      "1e0.5",
      "1.0x5",
      "LATEST",
      "latest 1",
      "1.\u00b2",
      "\u00d9\u00a1.5",
    ],
    ...[`1.${"9".repeat(4_301)}`],
  ])("%s is malformed", async (v) => {
    const answer = await api.request("GET", "/resource_providers", { version: v });
    expectRefusal(answer, { status: 400, code: null, message: `invalid version string: ${v}` });
    expect(answer.headers).not.toHaveProperty("vary");
    expect(answer.headers).not.toHaveProperty("openstack-api-version");
  });

  test("an operation below its version is unknown", async () => {
    for (const operation of operations) {
      const since = Number(operation.since.slice(2));
      if (since === 0) continue;
      const [method = "", template = ""] = operation.route.split(" ");
      const path = template.replace(/\{\w+\}/g, randomUUID());
      const headers = { "content-type": "application/json" };
      const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
      const answer = await api.request(method, path, {
        version: `1.${since - 1}`,
        headers,
        ...body,
      });
      const status = operation.missingStatus ?? 404;
      expect([operation.id, answer.status]).toEqual([operation.id, status]);
      expect(answer.headers).not.toHaveProperty("allow");
      expect(answer.headers["vary"]).toBe("openstack-api-version");
    }
  });
});

describe("routes", () => {
  test.each([
    ["DELETE", "/", "GET"],
    ["DELETE", "/resource_providers", "GET, POST"],
    ["HEAD", "/resource_providers", "GET, POST"],
    ["HEAD", "/", "GET"],
    ["OPTIONS", "/resource_providers", "GET, POST"],
    ["PATCH", `/allocations/${randomUUID()}`, "DELETE, GET, PUT"],
    ["POST", `/resource_providers/${randomUUID()}/inventories/VCPU`, "DELETE, GET, PUT"],
    ["PUT", "/usages", "GET"],
    ["GET", "/allocations", "POST"],
  ])("%s %s is 405 and allows %s", async (method, path, allow) => {
    const answer = await api.request(method, path);
    expect([answer.status, answer.headers["allow"]]).toEqual([405, allow]);
    expect(answer.headers["vary"]).toBe("openstack-api-version");
    if (method === "HEAD") return;
    const [error] = answer.body.errors;
    expect(error.detail).toBe(
      `The method ${method} is not allowed for this resource. \n\n The method specified is not allowed for this resource.`,
    );
    expect(error.title).toBe("Method Not Allowed");
  });

  test.each([
    "/nowhere",
    "/resource_providers/",
    "//",
    `/resource_providers/${randomUUID()}/nothing`,
    "/Resource_Providers",
  ])("GET %s is 404", async (path) => {
    const answer = await api.request("GET", path);
    expectRefusal(answer, { status: 404, message: "" });
    expect(answer.headers).not.toHaveProperty("allow");
    expect(answer.headers["vary"]).toBe("openstack-api-version");
    expect(answer.headers["openstack-api-version"]).toBe("placement 1.39");
  });

  test("percent-encoding is decoded in paths", async () => {
    const encoded = provider.replace("-", "%2D");
    const answer = await api.request("GET", `/resource%5Fproviders/${encoded}`);
    expect([answer.status, answer.body.uuid]).toEqual([200, provider]);
  });
});

test("every answer has a request id of its own", async () => {
  const ids = new Set<unknown>();
  for (const path of ["/", "/resource_providers", "/nowhere", `/resource_providers/${provider}`]) {
    const { headers } = await api.request("GET", path);
    expect(headers["x-openstack-request-id"]).toMatch(REQUEST_ID);
    ids.add(headers["x-openstack-request-id"]);
  }
  expect(ids.size).toBe(4);
});
