import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import type { AnyOperation } from "../../lib/api/operation.ts";
import { Policy } from "../../lib/api/policy.ts";
import type { Runtime } from "../../lib/api/runtime.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import type { Limits } from "../../lib/local/limits.ts";
import { noauthIdentity } from "../../lib/local/noauth-identity.ts";
import { type LocalServer, startServer } from "../../lib/local/server.ts";
import { HttpClient, sendRaw } from "../support/http-client.ts";
import { until } from "../support/until.ts";

const runtime: Runtime = {
  openStore: () => ({}) as never,
  identify: noauthIdentity,
  configuration: DEFAULT_CONFIGURATION,
  policy: new Policy("secure"),
  clock: systemClock,
  random: systemRandom,
  log: () => undefined,
};

function operation(
  route: AnyOperation["route"],
  run: AnyOperation["run"],
  more: Partial<AnyOperation> = {},
): AnyOperation {
  const id = `test/${route}`;
  const base = { id, summary: id, route, since: "1.0", access: [], refusals: [], run } as const;
  return { kind: "operation", ...base, ...more };
}

const gate = { entered: 0, open: (): void => undefined };
const operations = [
  operation("GET /", async () => ({ status: 200, body: { ok: true } })),
  operation("PUT /empty", async () => ({ status: 201, headers: { location: "/x" } })),
  operation("DELETE /empty", async () => ({ status: 204 })),
  operation("GET /slow", async () => {
    gate.entered += 1;
    await new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    return { status: 200, body: "late" };
  }),
];
const fallback = operation("$default", async ({ method, path }) => ({
  status: 404,
  body: { method, path },
}));

const start = (limits: Partial<Limits> = {}, changed: Partial<Runtime> = {}) =>
  startServer({ operations, fallback, runtime: { ...runtime, ...changed }, port: 0, limits });

const admin = { "x-auth-token": "admin" };

function expectDocument(text: string, status: number): void {
  const [head = "", body = ""] = text.split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1];
  expect(header("Content-Type")).toBe("application/json");
  expect(header("Connection")).toBe("close");
  expect(header("Content-Length")).toBe(String(body.length));
  const { errors } = JSON.parse(body);
  expect(errors).toMatchObject([{ status, title: expect.any(String) }]);
  expect(errors[0].detail).toMatch(/^[A-Z].*\.\n\n [A-Za-z].* {2}$/);
  expect(errors[0].request_id).toMatch(/^req-/);
  expect(header("X-Openstack-Request-Id")).toBe(errors[0].request_id);
}

describe("the local server", () => {
  let server: LocalServer;
  let http: HttpClient;

  beforeAll(async () => {
    server = await start();
    http = new HttpClient(server.url);
  });

  afterAll(async () => {
    http.close();
    await server.close();
  });

  it("answers as a function does, with its length", async () => {
    const { status, headers, body } = await http.send({ method: "GET", path: "/" });
    expect({ status, body }).toEqual({ status: 200, body: { ok: true } });
    expect(headers["content-length"]).toBe("11");
    expect(headers["content-type"]).toBe("application/json");
  });

  it("sends no content type without a body", async () => {
    const created = await http.send({ method: "PUT", path: "/empty", headers: admin });
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ "content-length": "0" });
    expect(created.headers["location"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x$/);
    expect(created.headers).not.toHaveProperty("content-type");
    const removed = await http.send({ method: "DELETE", path: "/empty", headers: admin });
    expect(removed.status).toBe(204);
    expect(removed.headers).not.toHaveProperty("content-type");
    expect(removed.headers).not.toHaveProperty("content-length");
  });

  it.each(["HEAD", "OPTIONS", "PATCH"])("gives %s to the fallback", async (method) => {
    const answer = await http.send({ method, path: "/empty", headers: admin });
    expect(answer.status).toBe(404);
    if (method !== "HEAD") expect(answer.body).toEqual({ method, path: "/empty" });
  });

  it.each([
    ["many headers", { "x-a": "a".repeat(5_000), "x-b": "b".repeat(5_300) }],
    ["one long header", { "x-a": "a".repeat(20_000) }],
  ])("refuses %s of more than 10,240 bytes with 431", async (_what, headers) => {
    const answer = await http.send({ method: "GET", path: "/", headers }).catch(() => undefined);
    expect(answer?.status).toBe(431);
    expect(answer?.body.errors).toMatchObject([
      { status: 431, title: "Request Header Fields Too Large" },
    ]);
    expect(answer?.body.errors[0].detail).toContain("at most 10240 bytes");
    expect(answer?.headers["x-openstack-request-id"]).toBe(answer?.body.errors[0].request_id);
  });

  it("takes up to 10,240 bytes of request line and headers, and not one more", async () => {
    const message = (size: number) => {
      const head = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: ";
      return `${head}${"a".repeat(size - head.length - 4)}\r\n\r\n`;
    };
    expect(await sendRaw(server.url, message(10_240))).toMatch(/^HTTP\/1.1 200 /);
    expect(await sendRaw(server.url, message(10_241))).toMatch(/^HTTP\/1.1 431 /);
  });

  it("refuses a body that no event can hold with a document of Placement's form", async () => {
    const body = Buffer.alloc(LIMITS.bodyBytes + 1, " ");
    const answer = await http.send({ method: "PUT", path: "/empty", headers: admin, body });
    expect(answer.status).toBe(413);
    expect(answer.headers.connection).toBe("close");
    expect(answer.body.errors).toMatchObject([{ status: 413, title: "Request Entity Too Large" }]);
    expect(answer.headers["x-openstack-request-id"]).toBe(answer.body.errors[0].request_id);
  });

  it("takes a body for which the event has room", async () => {
    const body = Buffer.alloc(LIMITS.bodyBytes - 4_096, " ");
    const headers = { ...admin, "content-type": "application/json" };
    expect((await http.send({ method: "PUT", path: "/empty", headers, body })).status).toBe(201);
  });

  it("refuses a length that is no integer in Placement's words", async () => {
    const answer = await sendRaw(
      server.url,
      "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: hi mom\r\n\r\n",
    );
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(head).toContain("Content-Type: application/json\r\n");
    expect(JSON.parse(body).errors[0].detail).toContain("content-length header must be an integer");
  });

  const chunked = "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  it.each([
    ["what is no HTTP", "hello\r\n\r\n", 400],
    ["a method that is none", "G@T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a malformed header", "GET / HTTP/1.1\r\nHost: localhost\r\nA b: c\r\n\r\n", 400],
    ["a request without a host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["a malformed length", "GET / HTTP/1.1\r\nContent-Length: hi mom\r\n\r\n", 400],
    ["a malformed chunk", `${chunked}zz`, 400],
    ["too long extensions of a chunk", `${chunked}1;a=${"b".repeat(20_000)}\r\n`, 413],
    ["a target that is too long", `GET /${"a".repeat(20_000)} HTTP/1.1\r\n\r\n`, 431],
  ])("answers %s with a document, and closes", async (_what, bytes, status) => {
    expectDocument(await sendRaw(server.url, bytes), status);
  });

  it("goes on serving when a client goes away in the middle of a body", async () => {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("PUT /empty HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    socket.destroy();
    await once(socket, "close");
    expect((await http.send({ method: "GET", path: "/" })).status).toBe(200);
  });
});

describe("a local server with other limits", () => {
  it("stops reading a body without a length when it is too long", async () => {
    const server = await start({ bodyBytes: 10, lingerTimeout: 50 });
    const head = "PUT /empty HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    const answer = await sendRaw(server.url, `${head}8\r\n12345678\r\n8\r\n12345678\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    await server.close();
  });

  it("answers 408 to headers that do not come in time", async () => {
    const server = await start({ headersTimeout: 50, requestTimeout: 50 });
    expectDocument(await sendRaw(server.url, "GET / HTTP/1.1\r\nHost:"), 408);
    await server.close();
  });

  it("answers as API Gateway when a handler throws", async () => {
    const random = {
      ...systemRandom,
      uuid: () => {
        throw new Error("no randomness");
      },
    };
    const server = await start({}, { random });
    const http = new HttpClient(server.url);
    const answer = await http.send({ method: "GET", path: "/" });
    expect(answer).toMatchObject({ status: 500, body: { message: "Internal Server Error" } });
    http.close();
    await server.close();
  });
});

describe("closing the local server", () => {
  it("lets running requests end and takes no others", async () => {
    const server = await start({ closeTimeout: 60_000 });
    const http = new HttpClient(server.url);
    const before = gate.entered;
    const slow = http.send({ method: "GET", path: "/slow", headers: admin });
    await until("the request runs", () => (gate.entered > before ? true : undefined));
    const closed = server.close();
    await expect(http.send({ method: "GET", path: "/" })).rejects.toThrow("ECONNREFUSED");
    gate.open();
    expect(await slow).toMatchObject({ status: 200, body: "late" });
    await closed;
    http.close();
  });

  it("waits no longer than its limit", async () => {
    const server = await start({ closeTimeout: 20 });
    const http = new HttpClient(server.url);
    const before = gate.entered;
    const slow = http.send({ method: "GET", path: "/slow", headers: admin });
    const failed = expect(slow).rejects.toThrow();
    await until("the request runs", () => (gate.entered > before ? true : undefined));
    await server.close();
    await failed;
    gate.open();
    http.close();
  });
});
