/** Paths, queries and headers with encodings and forms that parsers read differently. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Item } from "../support/api.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { type HttpAnswer, sendRaw } from "../support/http-client.ts";
import { makeProvider } from "../support/world.ts";

const api = useApi();
let before: Item[];

beforeAll(async () => {
  await makeProvider(api, { VCPU: 10 });
  before = await api.items();
});
afterEach(async () => {
  expect(await api.items()).toEqual(before);
});

/** Each with a name that is short enough to be shown. */
const labelled = (texts: readonly string[]) =>
  texts.map((text) => [text.length > 60 ? `${text.slice(0, 60)}...` : text, text] as const);

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
    const head = ["Host: localhost", "X-Auth-Token: admin", "Connection: close"];
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
