/** The size of a request is that of its event's JSON, as Lambda counts it. */
import { describe, expect, test } from "vitest";
import { httpEvent } from "../../lib/local/http-event.ts";
import { useApi } from "../support/frame.ts";
import { madeOperation } from "../support/invoke.ts";

const LIMIT = 6_291_456;

const api = useApi();

/** What the head of a request to `api` adds to its body, in bytes of the event's JSON. */
function around(contentType: string, length: number): number {
  const { host } = new URL(api.url);
  const headers = {
    "content-length": String(length),
    "x-auth-token": "admin",
    "openstack-api-version": "placement 1.39",
    "content-type": contentType,
    Host: host,
    Connection: "keep-alive",
  };
  const { event } = httpEvent(
    [madeOperation(async () => ({ status: 204 }), { route: "PUT /traits/{name}" })],
    {
      method: "PUT",
      target: "/traits/CUSTOM_A",
      httpVersion: "1.1",
      rawHeaders: Object.entries(headers).flat(),
      sourceIp: "127.0.0.1",
      localPort: Number(new URL(api.url).port),
      body: new Uint8Array(),
    },
    Date.now(),
  );
  return Buffer.byteLength(JSON.stringify({ ...event, body: "" }));
}

const send = (body: string | Uint8Array, contentType: string) =>
  api.request("PUT", "/traits/CUSTOM_A", { body, headers: { "content-type": contentType } });

describe("an event of exactly what Lambda takes passes, and one byte more is 413", () => {
  test.each([
    ["text", "x", 1],
    ["line breaks", "\n", 2],
    ["quotes", '"', 2],
    ["control characters", "\u0001", 6],
    ["two bytes", "\u00e9", 2],
    ["four bytes", "\u{1f600}", 4],
  ])("in a body of %s", async (_, unit, bytes) => {
    // The length of the body has seven digits, or the sum would depend on itself.
    const room = LIMIT - around("application/json", 5_000_000);
    const count = Math.floor(room / bytes);
    const body = unit.repeat(count) + "x".repeat(room - count * bytes);
    expect((await send(body, "application/json")).status).toBeLessThan(300);
    const beyond = await send(`${body}x`, "application/json");
    expect(beyond.status).toBe(413);
    expect(beyond.body.errors[0].detail).toContain(`${LIMIT} bytes`);
  });

  test.each(["application/octet-stream", "application/json"])(
    "in a body of bytes, which is in base64: %s",
    async (contentType) => {
      const room = LIMIT - around(contentType, 4_000_000) + "false".length - "true".length;
      const body = Buffer.alloc(Math.floor(room / 4) * 3, 0xff);
      expect((await send(body, contentType)).status).toBeLessThan(300);
      expect((await send(Buffer.concat([body, body.subarray(0, 3)]), contentType)).status).toBe(
        413,
      );
    },
  );
});
