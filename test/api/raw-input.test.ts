/** Bad input that no schema can say: bytes, JSON, headers and paths that are not what they seem. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Api, type Item, startApi } from "../support/api.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { type HttpAnswer, sendRaw } from "../support/http-client.ts";
import { makeProvider } from "../support/world.ts";

const JSON_TYPE = { "content-type": "application/json" };
let api: Api;
let provider: string;
let before: Item[];

beforeAll(async () => {
  api = await startApi();
  provider = await makeProvider(api, { VCPU: 10 });
  before = await api.items();
});
afterEach(async () => {
  expect(await api.items()).toEqual(before);
});
afterAll(() => api.close());

/** Each with a name that is short enough to be shown. */
const labelled = (texts: readonly string[]) =>
  texts.map((text) => [text.length > 60 ? `${text.slice(0, 60)}...` : text, text] as const);

const post = (body: string | Uint8Array, path = "/resource_providers") =>
  api.request("POST", path, { body, headers: JSON_TYPE });

const put = (path: string, body: string) => api.request("PUT", path, { body, headers: JSON_TYPE });

const inventory = (body: string) => put(`/resource_providers/${provider}/inventories/VCPU`, body);

describe("bodies that are no JSON", () => {
  test.each(
    labelled([
      "{",
      "}",
      " ",
      "{'name': 'a'}",
      '{"name": "a",}',
      '{"name": "a"} {}',
      '{"name": "a\nb"}',
      '{"name": NaN}',
      '{"name": Infinity}',
      '{"name": 01}',
      '{"name": "\\x41"}',
      '{"name": "\\ud8"}',
      "\ufeff{}",
      "name=a",
      "<name>a</name>",
      "[".repeat(100_000),
      `{"name": ${"[".repeat(50_000)}`,
    ]),
  )("%j", async (_label, body) => {
    expectRefusal(await post(body), { status: 400, message: /^Malformed JSON: / });
  });

  test("an empty one", async () => {
    const headers = { ...JSON_TYPE, "content-length": "0" };
    const answer = await api.request("POST", "/resource_providers", { headers });
    expectRefusal(answer, { status: 400, message: /^Malformed JSON: / });
  });

  test.each([
    ["a byte that is no text", Buffer.from([0x22, 0xff, 0x22])],
    ["half of a character", Buffer.from('{"name": "a\xc3"}', "latin1")],
    ["an overlong form", Buffer.from('{"name": "\xc0\xaf"}', "latin1")],
    ["a surrogate in UTF-8", Buffer.from('{"name": "\xed\xa0\x80"}', "latin1")],
    ["UTF-16", Buffer.from('{"name": "a"}', "utf16le")],
    ["Latin-1", Buffer.from('{"name": "\xe9t\xe9"}', "latin1")],
  ])("%s", async (_what, bytes) => {
    expectRefusal(await post(bytes), { status: 400, message: /^Malformed JSON: / });
  });
});

describe("JSON that is not what is asked for", () => {
  test.each([
    ["null", "None is not of type 'object'"],
    ["true", "True is not of type 'object'"],
    ["1e400", "inf is not of type 'object'"],
    ['"text"', "'text' is not of type 'object'"],
    ["[]", "[] is not of type 'object'"],
    [`${"[".repeat(50_000)}${"]".repeat(50_000)}`, "is not of type 'object'"],
    [`{"name": ${"[".repeat(9_000)}${"]".repeat(9_000)}}`, "is not of type 'string'"],
    [
      `{"name": "a", "more": ${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}}`,
      "('more' was unexpected)",
    ],
    ['{"name": "a", "name": 5}', "5 is not of type 'string'"],
    ['{"name": "a", "__proto__": {"uuid": 1}}', "('__proto__' was unexpected)"],
    ['{"__proto__": {"name": "a"}}', "'name' is a required property"],
    ['{"name": "a", "constructor": 1}', "('constructor' was unexpected)"],
    ['{"name": "a", "uuid": null}', "None is not of type 'string'"],
    ['{"Name": "a", "name": "b"}', "('Name' was unexpected)"],
    ['{"name": "a\\ud800"}', "is not well-formed Unicode"],
    ['{"name": "\\udc00\\ud800"}', "is not well-formed Unicode"],
    ['{"name": "a", "uuid": "\\u0000"}', "is not a 'uuid'"],
  ])("case %#", async (body, words) => {
    const answer = await post(body);
    expectRefusal(answer, { status: 400, message: /^JSON does not validate: / });
    expect(answer.body.errors[0].detail).toContain(words);
  });
});

describe("numbers", () => {
  const total = (text: string) =>
    inventory(`{"resource_provider_generation": 1, "total": ${text}}`);

  test.each([
    "1e400",
    "-1e400",
    "-0",
    "0",
    "1.5",
    "2147483648",
    "1e300",
    "9007199254740993",
    '"1"',
  ])("a total of %s", async (text) => {
    const answer = await total(text);
    expectRefusal(answer, { status: 400, message: /schema\['properties'\]\['total'\]/ });
  });

  test.each(["1e400", "-1e400", "3.5e38", "1e39", '"1"', "null"])("a ratio of %s", async (text) => {
    const body = `{"resource_provider_generation": 1, "total": 1, "allocation_ratio": ${text}}`;
    const answer = await inventory(body);
    expectRefusal(answer, { status: 400, message: /\['allocation_ratio'\]/ });
  });

  test.each(["-1e308", "-1", "-0.0001"])("a ratio of %s has no capacity", async (text) => {
    const body = `{"resource_provider_generation": 1, "total": 9999999, "allocation_ratio": ${text}}`;
    expectRefusal(await inventory(body), { status: 400, message: /^Unable to update inventory/ });
  });

  test.each(["9007199254740993", "1e300", "-1", "-5e300"])("a generation of %s", async (text) => {
    const body = `{"resource_provider_generation": ${text}, "total": 1}`;
    expectRefusal(await inventory(body), { status: 409, code: "placement.concurrent_update" });
  });

  test.each(["1e400", "1.5", "0", "-0", "-1"])("an amount of %s", async (text) => {
    const allocations = `{"${provider}": {"resources": {"VCPU": ${text}}}}`;
    const owner = '"project_id": "p", "user_id": "u", "consumer_type": "X"';
    const body = `{"allocations": ${allocations}, "consumer_generation": null, ${owner}}`;
    const answer = await put(`/allocations/${randomUUID()}`, body);
    expectRefusal(answer, { status: 400, message: /\['resources'\].*\['VCPU'\]/ });
  });
});

describe("paths and queries", () => {
  test.each(
    labelled([
      "/resource_providers/%00",
      "/resource_providers/%ff",
      "/resource_providers/%",
      "/resource_providers/..%2f..%2fetc",
      "/resource_providers/__proto__",
      "/resource_providers/constructor",
      `/resource_providers/${"a".repeat(9_000)}`,
      `/resource_providers/${"%F0%9D%84%9E".repeat(600)}`,
      `/resource_providers/${"a".repeat(9_000)}/inventories`,
      "/resource_classes/__proto__",
      "/traits/%ED%A0%80",
      `/traits/${"A".repeat(9_000)}`,
      `/consumers/${"a".repeat(9_000)}`,
      "/consumers/%00",
    ]),
  )("GET %s is 404", async (_label, path) => {
    expectRefusal(await api.request("GET", path), { status: 404 });
  });

  test.each([
    ["DELETE", `/allocations/${"a".repeat(9_000)}`, 404],
    ["DELETE", "/allocations/%00", 404],
    ["DELETE", `/resource_providers/${"a".repeat(9_000)}`, 404],
    ["DELETE", `/resource_classes/${"A".repeat(9_000)}`, 404],
    ["DELETE", "/traits/%FF", 404],
    ["DELETE", `/consumers/${"a".repeat(9_000)}?generation=0`, 404],
    ["PUT", `/traits/CUSTOM_${"A".repeat(9_000)}`, 400],
    ["PUT", "/traits/CUSTOM_%00", 400],
    ["PUT", "/traits/CUSTOM_A%0A", 400],
    ["PUT", "/resource_classes/CUSTOM_%E2%84%AA", 400],
  ])("%s case %# is refused", async (method, path, status) => {
    expectRefusal(await api.request(method, path), { status });
  });

  test.each(
    labelled([
      "name=%00",
      "name=%ff",
      "name=%",
      "name=%ED%A0%80",
      `name=${"a".repeat(9_000)}`,
      "name",
      "&&&",
      "",
    ]),
  )("?%s finds nothing or everything, and harms nothing", async (_label, query) => {
    const { status } = await api.request("GET", `/resource_providers?${query}`);
    expect(status).toBe(200);
  });

  test.each([
    "uuid=%00",
    "in_tree=%ff",
    "member_of=in:",
    "resources=VCPU:1_",
    "resources=VCPU:%D9%A1%00",
    "required=%00",
    "name=a&__proto__=b",
    "=a",
  ])("?%s is 400", async (query) => {
    expectRefusal(await api.request("GET", `/resource_providers?${query}`), { status: 400 });
  });
});

describe("headers", () => {
  const raw = async (lines: readonly string[], body = ""): Promise<number> => {
    const head = ["Host: x", "X-Auth-Token: admin", "Connection: close"];
    const [request = "", ...rest] = lines;
    const text = [request, ...head, ...rest, "", body].join("\r\n");
    return Number((await sendRaw(api.url, text)).split(" ")[1]);
  };
  const POST = "POST /resource_providers HTTP/1.1";

  test.each([
    [[POST, "Content-Type: application/json", "Content-Length: -1"]],
    [[POST, "Content-Type: application/json", "Content-Length: 2", "Content-Length: 3"]],
    [[POST, "Content-Type: application/json", "Content-Length: 99999999999"]],
    [[POST, "Content-Type: application/json", "Transfer-Encoding: chunked, x"]],
    [[POST, "Content-Type: application/json, text/plain", "Content-Length: 2"]],
    [["GET /resource_providers HTTP/1.1", "Bad Header: 1"]],
    [["GET /resource_providers HTTP/1.1", `X-Long: ${"a".repeat(20_000)}`]],
    [["GET /resource_providers HTTP/9.9"]],
    [["G@T /resource_providers HTTP/1.1"]],
    [["GET resource_providers HTTP/1.1"]],
    [["GET /resource_providers HTTP/1.1", "OpenStack-API-Version: placement 1.x"]],
    [
      [
        "GET /resource_providers HTTP/1.1",
        "OpenStack-API-Version: placement 1.5",
        "OpenStack-API-Version: placement 1.99",
      ],
    ],
  ])("case %#", async (lines) => {
    const status = await raw(lines, "{}");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test("names that JavaScript gives a meaning are headers like any other", async () => {
    const headers = { __proto__x: "1", constructor: "x", "to-string": "y" };
    const answer: HttpAnswer = await api.request("GET", "/resource_providers", { headers });
    expect(answer.status).toBe(200);
    const proto = ["GET /resource_providers HTTP/1.1", "__proto__: a", "__proto__: b"];
    expect(await raw(proto)).toBe(200);
  });
});
