/** Which clients receive compressed answers, and the headers for caches. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { useApi } from "../support/frame.ts";
import { directly, madeOperation, overHttp } from "../support/invoke.ts";

const FROM = 8_192;
/** A body of so many bytes of JSON. */
const textOf = (bytes: number) => "x".repeat(bytes - 2);
const answering = (body: unknown) => madeOperation(async () => ({ status: 200, body }));
const large = answering(textOf(FROM));

const gzip = { "accept-encoding": "gzip" };

describe("a function's answer", () => {
  test("is compressed from 8 KB on, and depends on Accept-Encoding from there", async () => {
    const { body = "", headers, isBase64Encoded } = await overHttp(large, gzip);
    expect(isBase64Encoded).toBe(true);
    expect(headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": "application/json",
      vary: "openstack-api-version, accept-encoding",
    });
    expect(gunzipSync(Buffer.from(body, "base64")).toString()).toBe(`"${textOf(FROM)}"`);
  });

  test("below is as it always was", async () => {
    const small = answering(textOf(FROM - 1));
    for (const headers of [gzip, {}]) {
      const answer = await overHttp(small, headers);
      expect(answer.body).toBe(`"${textOf(FROM - 1)}"`);
      expect(answer.headers["vary"]).toBe("openstack-api-version");
      expect(answer.headers).not.toHaveProperty("content-encoding");
      expect(answer).not.toHaveProperty("isBase64Encoded");
    }
  });

  test("counts bytes, not characters", async () => {
    const { headers } = await overHttp(answering("\u00e9".repeat(FROM / 2)), gzip);
    expect(headers["content-encoding"]).toBe("gzip");
  });

  test.each([
    ["gzip", true],
    ["GZIP", true],
    ["x-gzip", true],
    ["deflate, gzip, br", true],
    ["deflate,x-gzip;q=0.1", true],
    ["br;q=1, gzip;q=0.001, identity;q=0.5", true],
    ["*", true],
    ["br, *;q=0.1", true],
    ["identity;q=0, *", true],
    ["identity;q=0, gzip", true],
    ["gzip ; q=1", true],
    ["", false],
    ["gzip;q=0", false],
    ["gzip;q=0, *", false],
    ["gzip;q=0.0, *;q=1", false],
    ["x-gzip;q=0, *", false],
    ["*;q=0", false],
    ["identity", false],
    ["identity;q=0", false],
    ["br, deflate", false],
    ["gzipped, notgzip, my-x-gzip", false],
  ])("to Accept-Encoding %j: compressed is %s", async (accept, compressed) => {
    const { headers } = await overHttp(large, { "accept-encoding": accept });
    expect(headers["content-encoding"]).toBe(compressed ? "gzip" : undefined);
    expect(headers["vary"]).toBe("openstack-api-version, accept-encoding");
  });

  test("tells caches of the origin too", async () => {
    const cors = { corsOrigins: ["https://a.example"] };
    const { headers } = await overHttp(large, { ...gzip, origin: "https://a.example" }, cors);
    expect(headers["vary"]).toBe("openstack-api-version, Origin, accept-encoding");
    expect(headers["access-control-expose-headers"]).toContain("X-Placement-Truncated");
    expect(headers["access-control-expose-headers"]).toContain("ETag");
  });

  test.each(["application/json", "text/html", "text/plain"])(
    "that is an error is compressed as well: %s",
    async (accept) => {
      const refusing = madeOperation(
        async () => {
          throw new InvalidBody("words ".repeat(2_000));
        },
        { ignoresAccept: true },
      );
      const plain = await overHttp(refusing, { accept });
      const zipped = await overHttp(refusing, { accept, ...gzip });
      for (const { headers, statusCode } of [plain, zipped]) {
        expect(statusCode).toBe(400);
        expect(headers["vary"]).toContain("accept-encoding");
      }
      const text = gunzipSync(Buffer.from(zipped.body ?? "", "base64")).toString();
      const anyId = (given: string) => given.replace(/req-[0-9a-f-]+/, "");
      expect(anyId(text)).toBe(anyId(plain.body ?? ""));
    },
  );

  test("without a body has no coding", async () => {
    const empty = madeOperation(async () => ({ status: 204 }));
    const { headers, ...answer } = await overHttp(empty, gzip);
    expect(answer).toEqual({ statusCode: 204 });
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers["vary"]).toBe("openstack-api-version");
  });

  test("to a direct caller is a value", async () => {
    const { body, headers } = await directly(large);
    expect(body).toBe(textOf(FROM));
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers["vary"]).toBe("openstack-api-version");
  });
});

describe("the local server", () => {
  const api = useApi();

  test("sends it with its length", async () => {
    const plain = await api.request("GET", "/traits");
    const zipped = await api.request("GET", "/traits", { headers: gzip });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(zipped.body).toEqual(plain.body);
    expect(Number(zipped.headers["content-length"])).toBeLessThan(
      Number(plain.headers["content-length"]) / 2,
    );
    expect(plain.headers["vary"]).toBe("openstack-api-version, accept-encoding");
  });
});
