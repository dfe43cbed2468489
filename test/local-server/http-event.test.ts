import { describe, expect, it } from "vitest";
import { fromHttp } from "../../lib/api/inbound.ts";
import { type AnyOperation, defineOperation } from "../../lib/api/operation.ts";
import { httpEvent } from "../../lib/local/http-event.ts";
import type { HttpRequest } from "../../lib/local/http-parts.ts";

const NOW = Date.UTC(2020, 2, 12, 19, 3, 58, 390);

const operation = (id: string, route: AnyOperation["route"]) =>
  defineOperation({
    id,
    summary: id,
    route,
    since: "1.0",
    access: [],
    refusals: [],
    run: async () => ({ status: 204 }),
  });

const operations = [
  operation("things/show", "GET /things/{name}"),
  operation("things/summary", "GET /things/summary"),
  operation("things/replace", "PUT /things/{name}"),
];

function eventOf(request: Partial<HttpRequest>) {
  const whole: HttpRequest = {
    method: "GET",
    target: "/",
    httpVersion: "1.1",
    rawHeaders: ["Host", "localhost:8778"],
    sourceIp: "127.0.0.1",
    localPort: 8778,
    body: new Uint8Array(),
    ...request,
  };
  return httpEvent(operations, whole, NOW);
}

describe("a request as an event", () => {
  it("has the whole of payload format 2.0", () => {
    const { event, operation } = eventOf({
      method: "PUT",
      target: "/things/a%20b?x=1&x=2&y=%2C",
      rawHeaders: [
        ...["Host", "localhost:8778", "User-Agent", "probe/1", "Content-Type", "application/json"],
        ...["Content-Length", "2", "Cookie", "a=1; b=2", "X-Many", "1", "X-many", "2"],
      ],
      body: Buffer.from("{}"),
    });
    expect(operation?.id).toBe("things/replace");
    expect(event.requestContext.requestId).toMatch(/^[A-Za-z0-9+/=]{16}$/);
    expect(event).toEqual({
      version: "2.0",
      routeKey: "PUT /things/{name}",
      rawPath: "/things/a b",
      rawQueryString: "x=1&x=2&y=%2C",
      cookies: ["a=1", "b=2"],
      headers: {
        host: "localhost:8778",
        "user-agent": "probe/1",
        "content-type": "application/json",
        "content-length": "2",
        "x-many": "1,2",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": "8778",
        "x-forwarded-proto": "http",
      },
      queryStringParameters: { x: "1,2", y: "," },
      pathParameters: { name: "a b" },
      requestContext: {
        accountId: "000000000000",
        apiId: "local",
        domainName: "localhost",
        domainPrefix: "localhost",
        http: {
          method: "PUT",
          path: "/things/a b",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "probe/1",
        },
        requestId: event.requestContext.requestId,
        routeKey: "PUT /things/{name}",
        stage: "$default",
        time: "12/Mar/2020:19:03:58 +0000",
        timeEpoch: NOW,
      },
      body: "{}",
      isBase64Encoded: false,
    });
  });

  it("leaves out what a request does not have", () => {
    const { event } = eventOf({});
    for (const name of ["cookies", "body", "queryStringParameters", "pathParameters"]) {
      expect(event).not.toHaveProperty(name);
    }
    expect(event).toMatchObject({ rawQueryString: "", isBase64Encoded: false });
  });

  it.each([
    ["GET", "/things/summary", "GET /things/summary", undefined],
    ["GET", "/things/x", "GET /things/{name}", { name: "x" }],
    ["GET", "/things/%78", "GET /things/{name}", { name: "x" }],
    ["GET", "/things/%2578", "GET /things/{name}", { name: "%78" }],
    ["GET", "/things/a%2Fb", "$default", undefined],
    ["GET", "/things/", "$default", undefined],
    ["GET", "/things/x/", "$default", undefined],
    ["HEAD", "/things/x", "$default", undefined],
    ["OPTIONS", "/things/x", "$default", undefined],
    ["DELETE", "/things/x", "$default", undefined],
    ["GET", "http://elsewhere:1/things/x?a", "GET /things/{name}", { name: "x" }],
  ])("%s %s is routed to %s", (method, target, routeKey, pathParameters) => {
    const { event } = eventOf({ method, target });
    expect(event.routeKey).toBe(routeKey);
    expect(event.requestContext.routeKey).toBe(routeKey);
    expect(event.pathParameters).toEqual(pathParameters);
  });

  it.each([
    ["/a%2Fb", "/a/b", ""],
    ["/%E2%82%AC", "/€", ""],
    ["/100%", "/100%", ""],
    ["/%ff%zz", "/%ff%zz", ""],
    ["/a+b?c+d=e+f", "/a+b", "c+d=e+f"],
    ["/a?b?c", "/a", "b?c"],
    ["/?", "/", ""],
    ["http://elsewhere?a=1", "/", "a=1"],
    ["//double", "//double", ""],
    ["*", "*", ""],
  ])("%s has the path %s and the query '%s'", (target, rawPath, rawQueryString) => {
    expect(eventOf({ target }).event).toMatchObject({ rawPath, rawQueryString });
  });

  it("decodes and joins the query's keys and values", () => {
    const { event } = eventOf({ target: "/?a%20b=1&a+b=2&empty=&bare&bad=%zz&__proto__=x" });
    expect({ ...event.queryStringParameters }).toEqual(
      Object.fromEntries([
        ["a b", "1,2"],
        ["empty", ""],
        ["bare", ""],
        ["bad", "%zz"],
        ["__proto__", "x"],
      ]),
    );
  });

  const text = "päyload";
  it.each([
    ["application/json", false],
    ["Application/JSON; charset=utf-8", false],
    ["text/plain", false],
    ["text/html;charset=utf-8", false],
    ["application/xml", false],
    ["application/javascript", false],
    ["application/problem+json", false],
    ["application/x-www-form-urlencoded", true],
    ["application/octet-stream", true],
    ["multipart/form-data; boundary=text/plain", true],
    ["", true],
    [undefined, true],
  ])("with the content type %s has a body in base64: %s", (type, encoded) => {
    const rawHeaders = ["Host", "h", ...(type === undefined ? [] : ["Content-Type", type])];
    const { event } = eventOf({ method: "PUT", rawHeaders, body: Buffer.from(text) });
    expect(event.isBase64Encoded).toBe(encoded);
    expect(event.body).toBe(encoded ? Buffer.from(text).toString("base64") : text);
    expect(Buffer.from(fromHttp(event).bytes ?? []).toString()).toBe(text);
  });

  it("tells who forwarded it, and that it came by HTTP", () => {
    const rawHeaders = [
      ...["Host", "h", "X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https"],
      ...["Connection", "keep-alive", "Transfer-Encoding", "chunked"],
    ];
    const { event } = eventOf({ rawHeaders, body: Buffer.from("abc") });
    expect(event.headers).toEqual({
      host: "h",
      "content-length": "3",
      "x-forwarded-for": "1.2.3.4, 127.0.0.1",
      "x-forwarded-port": "8778",
      "x-forwarded-proto": "http",
    });
  });

  it("has a host even if the client names none", () => {
    const { event } = eventOf({ rawHeaders: [], httpVersion: "1.0" });
    expect(event.headers["host"]).toBe("127.0.0.1:8778");
    expect(fromHttp(event).base.origin).toBe("http://127.0.0.1:8778");
  });
});
