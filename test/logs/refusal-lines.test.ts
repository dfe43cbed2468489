/** What the local server refuses before an operation sees it is a line of the log too. */
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../lib/api/limits.ts";
import { useApi } from "../support/frame.ts";
import { sendRaw } from "../support/http-client.ts";
import { until } from "../support/until.ts";

const api = useApi({ configuration: { corsOrigins: ["https://horizon.example"] } });

const CASES: readonly (readonly [string, number, readonly string[]])[] = [
  ["a host that is not this server's", 421, ["GET / HTTP/1.1", "Host: rebound.example"]],
  ["a page of another origin", 403, ["PUT /traits/X HTTP/1.1", "Origin: https://evil.example"]],
  ["a large body", 413, ["PUT /traits/X HTTP/1.1", `Content-Length: ${LIMITS.bodyBytes + 1}`]],
  ["a large head", 431, ["GET / HTTP/1.1", `X-Long: ${"x".repeat(200_000)}`]],
  ["no HTTP", 400, ["nothing that is HTTP"]],
];

describe("a refusal of", () => {
  test.each(CASES)("%s is one line: %i", async (_, status, lines) => {
    const before = api.logs.length;
    const { host: own } = new URL(api.url);
    const host = lines.some((line) => line.startsWith("Host:")) ? [] : [`Host: ${own}`];
    const [first = "", ...rest] = lines;
    const head = [first, ...host, ...rest, "Connection: close"].join("\r\n");
    const answer = await sendRaw(api.url, `${head}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [, requestId] = /x-openstack-request-id: (\S+)/i.exec(answer) ?? [];
    await until("it is logged", async () => api.logs.length > before || undefined);
    expect(api.logs.slice(before)).toEqual([
      {
        level: "INFO",
        message: "request",
        source: "http",
        operation: null,
        status,
        code: "placement.undefined_code",
        requestId,
      },
    ]);
  });
});
