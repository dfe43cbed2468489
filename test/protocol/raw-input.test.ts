/** Bad input that no schema can describe: bytes that are not UTF-8, text that is not JSON, numbers. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Item } from "../support/api.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const JSON_TYPE = { "content-type": "application/json" };
const api = useApi();
let provider: string;
let before: Item[];

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 10 });
  before = await api.items();
});
afterEach(async () => {
  expect(await api.items()).toEqual(before);
});

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
    ['{"name": "a", "name": 5}', "5 is not of type 'string'"],
    ['{"name": "a", "__proto__": {"uuid": 1}}', "('__proto__' was unexpected)"],
    ['{"__proto__": {"name": "a"}}', "('__proto__' was unexpected)"],
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

test.each([
  "[".repeat(100_000),
  `{"name": ${"[".repeat(50_000)}`,
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  `{"name": ${"[".repeat(9_000)}${"]".repeat(9_000)}}`,
  `{"name": "a", "more": ${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}}`,
])("nested too deeply: case %#", async (body) => {
  expectRefusal(await post(body), { status: 400 });
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
