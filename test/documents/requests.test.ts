/** What `npm run docs` reads of the requests in a test's text. */
import { describe, expect, it } from "vitest";
import { isOfRoute, requestsIn } from "../../scripts/docs/requests.ts";

const found = (text: string) =>
  requestsIn(text).map(({ method, path, times }) => `${method} ${path} ${times}`);

describe("a request", () => {
  it("is found with a path that is written out, without its query", () => {
    const text = 'await api.request("GET", "/traits?name=startswith:CUSTOM", { version });';
    expect(found(text)).toEqual(["GET /traits 1"]);
  });

  it("is found with a path that has something put in", () => {
    const text =
      "slow.request('no'); slow.request(\n  \"PUT\",\n  `/traits/${names[{ a: 1 }.a]}`,\n);";
    expect(found(text)).toEqual(["PUT /traits/{} 1"]);
  });

  it("is found with a path that a function of the file makes", () => {
    const text =
      'const path = (uuid: string) => `/usages/${uuid}`;\n\napi.request("GET", path(a));';
    expect(found(text)).toEqual(["GET /usages/{} 1"]);
  });

  it("counts as often as the function is called that makes it", () => {
    const text = [
      "const show = (uuid: string) =>\n  api.request('x') ?? api.request(\"GET\", `/consumers/${uuid}`);",
      "show(a);",
      "show(b);",
    ].join("\n\n");
    expect(found(text)).toEqual(["GET /consumers/{} 2"]);
  });

  it("takes its method from who calls the function", () => {
    const text = [
      "const at = (method: string, name: string) =>\n  api.request(method, `/traits/${name}`);",
      'at("PUT", "A");',
      'at("DELETE", "A");',
    ].join("\n\n");
    expect(found(text)).toEqual(["PUT /traits/{} 1", "DELETE /traits/{} 1"]);
  });

  it("is not found where no path can be read", () => {
    expect(found('api.request("GET", target);')).toEqual([]);
  });
});

describe("a route", () => {
  const is = (path: string, route: string, text = "") =>
    isOfRoute({ method: "GET", path, times: 1 }, route, text);

  it("is that of its method and its segments alone", () => {
    expect(is("/traits/{}", "GET /traits/{name}")).toBe(true);
    expect(is("/traits/CUSTOM_A", "GET /traits/{name}")).toBe(true);
    expect(is("/traits", "GET /traits/{name}")).toBe(false);
    expect(is("/traits/", "GET /traits/{name}")).toBe(false);
    expect(is("/traits/{}", "PUT /traits/{name}")).toBe(false);
    expect(is("/usages/{}", "GET /traits/{name}")).toBe(false);
  });

  it("may have its word from a variable, if the file has the word", () => {
    expect(is("/allocations/{}", "GET /allocations/usages", 'const what = "usages";')).toBe(true);
    expect(is("/allocations/{}", "GET /allocations/usages")).toBe(false);
  });

  it("may end in an optional segment", () => {
    expect(is("/inventories{}", "GET /inventories")).toBe(true);
    expect(is("/inventories{}", "GET /inventories/{resource_class}")).toBe(true);
    expect(is("/inventories/{}", "GET /inventories")).toBe(false);
  });
});
