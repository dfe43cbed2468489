/** The size of a result as Lambda counts it, and the answer in place of one that is too large. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../lib/api/limits.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { directly, madeOperation, overHttp } from "../support/invoke.ts";

const LIMIT = 6_291_456;
const answering = (body: unknown, more: Partial<AnyOperation> = {}) =>
  madeOperation(async () => ({ status: 200, body }), more);
const sizeOf = (result: unknown) => Buffer.byteLength(JSON.stringify(result));
const errorOf = ({ body = "" }: { readonly body?: string | undefined }) =>
  JSON.parse(body).errors[0];

/** Of `unit` as often as it takes, so that the whole result has exactly `size` bytes. */
async function bodyFor(
  size: number,
  unit: string,
  send: (operation: AnyOperation) => Promise<unknown>,
) {
  const one = sizeOf(await send(answering(unit))) - sizeOf(await send(answering("")));
  // From 8 KB on the header Vary is longer.
  const padded = unit.repeat(Math.ceil(LIMITS.compressedFrom / unit.length));
  const around = sizeOf(await send(answering(padded))) - (padded.length / unit.length) * one;
  const count = Math.floor((size - around) / one);
  return unit.repeat(count) + "x".repeat(size - around - count * one);
}

/** Errors have every form that a client may ask for. */
const ANY_FORM = { ignoresAccept: true } as const;

const UNITS = [
  ["plain text", "x"],
  ["quotes", '"'],
  ["backslashes", "\\"],
  ["control characters", "\u0001"],
  ["two bytes", "\u00e9"],
  ["three bytes", "\u20ac"],
  ["four bytes", "\u{1f600}"],
  ["half of a pair", "\ud800"],
] as const;

describe.each([
  ["an answer over HTTP", overHttp],
  ["an answer to a direct caller", directly],
] as const)("%s", (_, given) => {
  const send = (operation: AnyOperation) => given(operation);
  const statusOf = (result: object) =>
    "statusCode" in result ? result.statusCode : (result as { status: number }).status;

  test.each(UNITS)(
    "of exactly what Lambda returns passes, one byte more does not: %s",
    async (_w, unit) => {
      const body = await bodyFor(LIMIT, unit, send);
      const fits = await send(answering(body));
      expect([statusOf(fits), sizeOf(fits)]).toEqual([200, LIMIT]);
      const beyond = await send(answering(`${body}x`));
      expect(statusOf(beyond)).toBe(400);
      expect(JSON.stringify(beyond)).toContain("placement.answer_too_large");
    },
  );
});

describe("what does not fit", () => {
  const large = answering("x".repeat(LIMIT));

  test("is refused with what to do, and for caches depends on the coding", async () => {
    const { headers, ...answer } = await overHttp(large);
    expect(errorOf(answer)).toMatchObject({
      status: 400,
      code: "placement.answer_too_large",
      detail: expect.stringMatching(/Accept-Encoding: gzip.*a limit or a filter/),
    });
    expect(headers["vary"]).toBe("openstack-api-version, accept-encoding");
  });

  test("is delivered completely to clients that accept gzip", async () => {
    const { statusCode, isBase64Encoded } = await overHttp(large, { "accept-encoding": "gzip" });
    expect([statusCode, isBase64Encoded]).toEqual([200, true]);
  });

  test("does not name gzip to a client that accepts it, nor to a direct caller", async () => {
    const noise = answering(randomBytes(LIMIT).toString("base64"));
    const zipped = errorOf(await overHttp(noise, { "accept-encoding": "gzip" }));
    const direct = (await directly(large)).body as { errors: { code: string; detail: string }[] };
    for (const { code, detail } of [zipped, ...direct.errors]) {
      expect(code).toBe("placement.answer_too_large");
      expect(detail).toContain("a limit or a filter");
      expect(detail).not.toContain("gzip");
    }
  });

  test("has a bound before it is compressed", async () => {
    const huge = answering("x".repeat(LIMITS.answerLength));
    const { statusCode } = await overHttp(huge, { "accept-encoding": "gzip" });
    expect(statusCode).toBe(400);
  });

  test("of more than a text can hold is the same", async () => {
    const toJSON = () => {
      throw new RangeError("Invalid string length");
    };
    expect((await overHttp(answering({ toJSON }))).statusCode).toBe(400);
  });

  test("of a write is never told to be refused", async () => {
    const { statusCode, body = "" } = await overHttp(
      answering("x".repeat(LIMIT), { route: "PUT /made" }),
    );
    expect(statusCode).toBe(503);
    expect(body).toContain("whether anything was written is unknown");
  });

  test.each([
    ["application/json", '"'],
    ["text/html", "&"],
    ["text/plain", "\u20ac"],
  ])("of an error keeps its status, and tells what it leaves out: %s", async (accept, unit) => {
    const refusing = madeOperation(async () => {
      throw new InvalidBody(unit.repeat(LIMIT));
    }, ANY_FORM);
    const answer = await overHttp(refusing, { accept });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toMatch(/\.\.\. \(\d+ more characters\)/);
    expect(sizeOf(answer)).toBeLessThan(LIMIT);
  });
});
