/** Media types, lengths, and the order in which a request is checked. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { sendRaw } from "../support/http-client.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 4 });
});

describe("bodies", () => {
  const path = "/resource_providers";

  test("a body without content type is refused before routing", async () => {
    for (const each of [path, "/nowhere"]) {
      const answer = await api.request("POST", each, {
        body: "{}",
        headers: { "content-type": "" },
      });
      const message = "content-type header required when content-length > 0";
      expectRefusal(answer, { status: 400, message });
      expect(answer.headers).not.toHaveProperty("vary");
    }
  });

  test.each(["text/plain", "application/xml", "application/JSON", "application/jsonp"])(
    "%s is not supported",
    async (type) => {
      const answer = await api.request("POST", path, {
        body: "{}",
        headers: { "content-type": type },
      });
      expect(answer.status).toBe(415);
      expect(answer.headers["vary"]).toBe("openstack-api-version");
      const [error] = answer.body.errors;
      expect(error.title).toBe("Unsupported Media Type");
      expect(error.detail).toBe(
        `The request media type ${type} is not supported by this server. \n\n The media type ${type} is not supported, use application/json`,
      );
    },
  );

  test("a charset beside the type is accepted", async () => {
    const body = JSON.stringify({ name: randomUUID() });
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await api.request("POST", path, { body, headers })).status).toBe(200);
  });

  test("no body at all is a media type None", async () => {
    const answer = await api.request("PUT", `${path}/${provider}`);
    expect(answer.status).toBe(415);
    expect(answer.body.errors[0].detail).toContain(
      "The media type None is not supported, use application/json",
    );
  });

  test("a length that is no integer is refused", async () => {
    const head = ["POST /nowhere HTTP/1.1", "Host: localhost", "X-Auth-Token: admin"];
    const text = await sendRaw(
      api.url,
      `${[...head, "Content-Length: hi mom"].join("\r\n")}\r\n\r\n`,
    );
    expect(text).toContain("HTTP/1.1 400 ");
    expect(text).toContain("content-length header must be an integer");
  });

  test("answers of JSON have exactly that type, and those without a body none", async () => {
    const shown = await api.request("GET", `${path}/${provider}`);
    expect(shown.headers["content-type"]).toBe("application/json");
    const name = `CUSTOM_${randomUUID().replaceAll("-", "_").toUpperCase()}`;
    for (const status of [201, 204]) {
      const answer = await api.request("PUT", `/resource_classes/${name}`);
      expect([answer.status, answer.body]).toEqual([status, ""]);
      expect(answer.headers).not.toHaveProperty("content-type");
      expect(answer.headers["location"]).toBe(`${api.url}/resource_classes/${name}`);
    }
  });
});

describe("Accept", () => {
  const get = (accept: string, path = `/resource_providers/${provider}`) =>
    api.request("GET", path, { headers: { accept } });

  test.each([
    "*/*",
    "",
    "application/json",
    "application/*",
    "text/html, */*;q=0.1",
    "text/html,application/json;q=0.9",
  ])("%j gets JSON", async (accept) => {
    const answer = await get(accept);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
  });

  test("text/html is not provided, and said in HTML", async () => {
    const answer = await get("text/html");
    expect([answer.status, answer.headers["content-type"]]).toEqual([
      406,
      "text/html; charset=UTF-8",
    ]);
    expect(answer.body).toContain("Only application/json is provided");
  });

  test.each(["text/plain", "application/xml", "application/json;q=0"])(
    "%s is not provided, and said in plain text",
    async (accept) => {
      const answer = await get(accept);
      expect(answer.status).toBe(406);
      expect(answer.headers["content-type"]).toBe("text/plain; charset=UTF-8");
      expect(answer.body).toContain("Only application/json is provided");
      expect(answer.headers["vary"]).toBe("openstack-api-version");
    },
  );

  test("a look-up of a trait ignores it", async () => {
    expect((await get("text/plain", "/traits/HW_CPU_X86_AVX")).status).toBe(204);
  });

  test("it decides the form of errors of any method", async () => {
    const headers = { accept: "text/html" };
    const answer = await api.request("DELETE", `/resource_providers/${randomUUID()}`, { headers });
    expect([answer.status, answer.headers["content-type"]]).toEqual([
      404,
      "text/html; charset=UTF-8",
    ]);
    expect(answer.body).toContain("No resource provider with uuid");
  });
});

test("the order of checks: length, route, media, policy, look-up, body", async () => {
  const path = `/resource_providers/${randomUUID()}/inventories`;
  const ask = (options: object) => api.request("PUT", path, options);
  const untyped = { body: "{", headers: { "content-type": "" }, roles: "none" };
  expect((await api.request("PUT", "/nowhere", untyped)).status).toBe(400);
  const plain = { "content-type": "text/plain" };
  expect((await ask({ body: "{", headers: plain, roles: "none" })).status).toBe(415);
  const json = { "content-type": "application/json" };
  expect((await ask({ body: "{", headers: json, roles: "none" })).status).toBe(403);
  expect((await ask({ body: "{", headers: json })).status).toBe(404);
  const known = `/resource_providers/${provider}/inventories`;
  expect((await api.request("PUT", known, { body: "{", headers: json })).status).toBe(400);
});
