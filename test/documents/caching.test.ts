/** The OpenAPI document is large and seldom new: compressed, tagged and kept by whoever reads it. */
import { expect, test } from "vitest";
import document from "../../functions/openapi/document.json" with { type: "json" };
import { showOpenApi } from "../../functions/openapi/show.ts";
import { invokeOf } from "../support/direct.ts";
import { useApi } from "../support/frame.ts";
import { Description } from "./description.ts";

const gzip = { "accept-encoding": "gzip" };

const api = useApi({ configuration: { corsOrigins: ["https://a.example"] } });

const get = (headers: Readonly<Record<string, string>> = {}, version = "1.39") =>
  api.request("GET", "/openapi.json", { token: null, headers, version });

async function tags() {
  const [plain, zipped] = [await get(), await get(gzip)];
  return [plain.headers.etag ?? "", zipped.headers.etag ?? ""] as const;
}

test("is the same document compressed and not, in a tenth of the bytes", async () => {
  const [plain, zipped] = [await get(), await get(gzip)];
  expect(plain.body).toEqual(document);
  expect(zipped.body).toEqual(document);
  expect(plain.headers).not.toHaveProperty("content-encoding");
  expect(zipped.headers["content-encoding"]).toBe("gzip");
  const lengths = [plain, zipped].map(({ headers }) => Number(headers["content-length"]));
  expect(lengths[0]).toBe(Buffer.byteLength(JSON.stringify(document)));
  expect(lengths[1]).toBeLessThan((lengths[0] ?? 0) / 10);
});

test.each([{}, gzip])(
  "may be kept by anybody, for each coding and version: %j",
  async (headers) => {
    for (const version of ["1.0", "1.39"]) {
      const answer = await get(headers, version);
      expect(answer.headers).toMatchObject({
        "cache-control": "public, max-age=3600",
        vary: "openstack-api-version, Origin, accept-encoding",
        etag: expect.stringMatching(/^"[\w-]+"$/),
      });
      expect(answer.headers).not.toHaveProperty("last-modified");
    }
  },
);

test("has one strong tag for each coding, the same every time", async () => {
  const [plain, zipped] = await tags();
  expect(plain).not.toBe(zipped);
  expect(await tags()).toEqual([plain, zipped]);
});

test("is not sent again to whoever has it", async () => {
  const [plain, zipped] = await tags();
  const forms = (tag: string) => [tag, `W/${tag}`, "*", `"other", ${tag}`, `${tag},"other"`];
  for (const [own, coding] of [
    [plain, {}],
    [zipped, gzip],
  ] as const) {
    for (const tag of forms(own)) {
      const answer = await get({ ...coding, "if-none-match": tag });
      expect([answer.status, answer.body], tag).toEqual([304, ""]);
      expect(answer.headers).toMatchObject({
        etag: own,
        "cache-control": "public, max-age=3600",
        vary: "openstack-api-version, Origin, accept-encoding",
      });
      for (const name of ["content-type", "content-encoding", "content-length"]) {
        expect(answer.headers).not.toHaveProperty(name);
      }
    }
  }
});

test("is sent to whoever has something else, or the other form", async () => {
  const [plain, zipped] = await tags();
  for (const [tag, coding] of [
    ['"other"', {}],
    [plain.slice(1, -1), {}],
    [zipped, {}],
    [plain, gzip],
    ["", {}],
  ] as const) {
    expect((await get({ ...coding, "if-none-match": tag })).status, tag).toBe(200);
  }
});

test("describes its 304", () => {
  const description = new Description(document);
  const answer = { method: "GET", path: "/openapi.json", version: 39, contentType: undefined };
  expect(description.fault({ ...answer, status: 304, body: "" })).toBeUndefined();
  const { get: operation } = document.paths["/openapi.json"];
  expect(operation.parameters).toContainEqual({ $ref: "#/components/parameters/If-None-Match" });
  expect(Object.keys(operation.responses["304"].headers)).toContain("ETag");
});

test("is a value for a direct caller", async () => {
  const { payload } = await invokeOf(api, showOpenApi)(JSON.stringify({ version: "1.39" }));
  const { status, body, headers } = JSON.parse(payload);
  expect([status, body]).toEqual([200, document]);
  expect(headers).not.toHaveProperty("etag");
});
