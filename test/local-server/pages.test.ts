/** What a web page of somebody else's can make a browser send to the local server. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { useApi } from "../support/frame.ts";
import { sendRaw } from "../support/http-client.ts";
import { makeProvider } from "../support/world.ts";

const CORS = "https://console.example";
const allowedHosts = ["placement.example", "[fd00::1]"];
const api = useApi({ allowedHosts, configuration: { corsOrigins: [CORS] } });
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 4 });
});

const ADMIN = ["X-Auth-Token: admin", "OpenStack-API-Version: placement 1.39"];
const port = () => new URL(api.url).port;

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function raw(lines: readonly string[], body = ""): Promise<Raw> {
  const text = await sendRaw(api.url, [...lines, "Connection: close", "", body].join("\r\n"));
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  const status = Number(first.split(" ")[1]);
  return { status, headers: Object.fromEntries(headers), body: rest.join("\r\n\r\n") };
}

/** Makes a provider with these lines added. */
function create(lines: readonly string[], first = "POST /resource_providers HTTP/1.1") {
  const body = JSON.stringify({ name: randomUUID() });
  const own = ["Content-Type: application/json", `Content-Length: ${body.length}`];
  return raw([first, ...lines, ...ADMIN, ...own], body);
}

function expectDocument(answer: Raw, status: number, title: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/json");
  const { errors } = JSON.parse(answer.body);
  expect(errors).toMatchObject([{ status, title }]);
  expect(answer.headers["x-openstack-request-id"]).toBe(errors[0].request_id);
  expect(errors[0].request_id).toMatch(/^req-/);
}

async function expectNothingWritten(send: () => Promise<Raw>): Promise<Raw> {
  const before = await api.items();
  const answer = await send();
  expect(await api.items()).toEqual(before);
  return answer;
}

describe("a host", () => {
  const at = (name: string) => name.replace("PORT", port());

  test.each([
    ...["localhost", "localhost:PORT", "LOCALHOST:PORT", "localhost.:PORT", "localhost:"],
    ...["127.0.0.1:PORT", "127.0.0.1", "127.5.6.7:1", "127.255.255.255", "127.0.0.1.:PORT"],
    ...["[::1]:PORT", "[::1]", "[0:0:0:0:0:0:0:1]:80", "[0::0001]"],
    ...["a.localhost", "a.b.LocalHost.:PORT", "placement.example", "PLACEMENT.example.:443"],
    ...["[fd00::1]:8778", "[FD00:0::1]"],
  ])("%s is this server, and so is a Location with it", async (name) => {
    const answer = await create([`Host: ${at(name)}`]);
    expect(answer.status).toBe(200);
    expect(answer.headers["location"]).toMatch(
      /^http:\/\/[^/]+\/resource_providers\/[0-9a-f-]{36}$/,
    );
    expect(answer.headers["location"]).toContain(`http://${at(name)}/`);
  });

  const FOREIGN = [
    ...["evil.example", "evil.example:PORT", "localhost.evil.example", "evil-localhost"],
    ...["localhostx", "xlocalhost:PORT", "127.0.0.1.evil.example:PORT", "127.0.0.1.nip.io"],
    ...["0.0.0.0:PORT", "128.0.0.1", "10.0.0.1", "169.254.169.254", "2130706433", "0x7f.1"],
    ...["127.0.0.256", "127.1", "127.0.0.01", "[::]", "[::2]:PORT", "[::ffff:127.0.0.1]"],
    ...["[::1%25lo]", "[fd00::2]", "::1", "[::1", "[localhost]", "a..localhost", ".localhost"],
    ...["localhost..", "user@localhost", "user:pass@localhost", "localhost@evil.example"],
    ...["localhost:PORT:80", "localhost:99999", "localhost:http", "localhost:-1", "localhost/x"],
    ...["localhost#evil", "localhost?x", "localhost evil.example", "localhost,evil.example"],
    ...[
      "http://localhost",
      "loc\u00e4lhost",
      "localhost%00",
      "localhost\\evil",
      "*",
      "-",
      ".",
      ":80",
    ],
    ...["placement.example.evil", "sub.placement.example", "xn--localhost", "null"],
    `${"a.".repeat(130)}localhost`,
    `${"a".repeat(64)}.localhost`,
  ];

  test.each(FOREIGN)("%s is another server", async (name) => {
    const answer = await create([`Host: ${at(name)}`]);
    expectDocument(answer, 421, "Misdirected Request");
    expect(answer.headers).not.toHaveProperty("location");
  });

  test("that is another server's changes nothing, whatever the path, the method and the version are", async () => {
    for (const first of [
      "GET / HTTP/1.1",
      "GET /openapi.json HTTP/1.1",
      "GET /nowhere HTTP/1.1",
      "OPTIONS /resource_providers HTTP/1.1",
      "OPTIONS * HTTP/1.1",
      `DELETE /resource_providers/${provider} HTTP/1.1`,
      `DELETE /resource_providers/${provider} HTTP/1.0`,
      "PATCH / HTTP/1.1",
    ]) {
      const send = () => raw([first, "Host: evil.example", ...ADMIN]);
      expectDocument(await expectNothingWritten(send), 421, "Misdirected Request");
    }
    const head = await raw(["HEAD / HTTP/1.1", "Host: evil.example"]);
    expect([head.status, head.body]).toEqual([421, ""]);
  });

  test("comes before the token, the version, the origin, and the size of the head", async () => {
    for (const more of [
      "OpenStack-API-Version: placement 9.9",
      "Origin: http://evil.example",
      `X-Long: ${"a".repeat(10_100)}`,
      "Accept: text/plain;q=x",
      "Expect: something",
      "Upgrade: websocket",
    ]) {
      expect((await raw(["GET /traits HTTP/1.1", "Host: evil.example", more])).status).toBe(421);
    }
  });

  test("may not be hidden behind another one", async () => {
    const local = `Host: localhost:${port()}`;
    for (const [first, lines, status] of [
      ["POST http://evil.example/resource_providers HTTP/1.1", [local], 421],
      ["POST http://evil.example/resource_providers HTTP/1.0", [], 421],
      ["POST https://evil.example:1/resource_providers HTTP/1.1", [local], 421],
      [`POST http://localhost:${port()}@evil.example/resource_providers HTTP/1.1`, [local], 421],
      [`POST ${api.url}/resource_providers HTTP/1.1`, ["Host: evil.example"], 421],
      ["POST /resource_providers HTTP/1.1", [local, "Host: evil.example"], 421],
      ["POST /resource_providers HTTP/1.1", ["Host: evil.example", local], 421],
      ["POST /resource_providers HTTP/1.1", [local, local], 400],
      ["POST /resource_providers HTTP/1.0", [local, local], 400],
      ["POST /resource_providers HTTP/1.1", [], 400],
      ["POST /resource_providers HTTP/1.1", ["Host:"], 421],
      ["POST /resource_providers HTTP/1.1", ["Host: ,"], 421],
      [
        "POST /resource_providers HTTP/1.1",
        [...Array.from({ length: 2_100 }, () => "a:"), "Host: evil.example"],
        421,
      ],
    ] as const) {
      const answer = await expectNothingWritten(() => create(lines, first));
      const title = status === 421 ? "Misdirected Request" : "Bad Request";
      expectDocument(answer, status, title);
    }
  });

  test("of other headers is not believed", async () => {
    const evil = "evil.example";
    const forwarded = [`X-Forwarded-Host: ${evil}`, `Forwarded: host=${evil}`, `X-Host: ${evil}`];
    const answer = await create([`Host: localhost:${port()}`, ...forwarded]);
    expect(answer.headers["location"]).toContain(`http://localhost:${port()}/`);
    const hidden = await create(["Host: evil.example", "X-Forwarded-Host: localhost"]);
    expect(hidden.status).toBe(421);
  });

  test("is not needed in HTTP/1.0, nor in a target of its own", async () => {
    const old = await create([], "POST /resource_providers HTTP/1.0");
    expect(old.headers["location"]).toMatch(`http://127.0.0.1:${port()}/`);
    const { host } = new URL(api.url);
    const absolute = await create([`Host: ${host}`], `POST ${api.url}/resource_providers HTTP/1.1`);
    expect(absolute.headers["location"]).toContain(`${api.url}/`);
  });
});

describe("a page", () => {
  const HOST = "localhost";
  const from = (...origins: readonly string[]) => [
    `Host: ${HOST}:${port()}`,
    ...origins.map((origin) => `Origin: ${origin}`.trimEnd()),
  ];
  const own = () => `http://${HOST}:${port()}`;

  test("of this server or of an origin that is configured may use it", async () => {
    for (const origin of [own(), CORS]) expect((await create(from(origin))).status).toBe(200);
    const named = ["Host: placement.example", "Origin: http://placement.example"];
    expect((await create(named)).status).toBe(200);
    expect((await create([`Host: ${HOST}:${port()}`])).status).toBe(200);
  });

  test.each([
    ["another site", () => ["http://evil.example"]],
    ["no origin that it tells", () => ["null"]],
    ["an empty origin", () => [""]],
    ["this server by another name", () => [`http://127.0.0.1:${port()}`]],
    ["another port of this machine", () => [`http://${HOST}:3000`]],
    ["no port of this machine", () => [`http://${HOST}`]],
    ["this server by another scheme", () => [`https://${HOST}:${port()}`]],
    ["this server with a path", () => [`${own()}/`]],
    ["this server twice", () => [own(), own()]],
    ["this server and another", () => [own(), "http://evil.example"]],
    ["another and this server", () => ["http://evil.example", own()]],
    ["two in one line", () => [`${own()}, http://evil.example`]],
    ["an origin that is configured, and another", () => [CORS, "http://evil.example"]],
    ["one that begins as a configured one", () => [`${CORS}.evil.example`]],
    ["a configured one by another scheme", () => [CORS.replace("https", "http")]],
    ["an extension", () => ["chrome-extension://abcdefgh"]],
    ["a file", () => ["file://"]],
  ])("of %s is refused, and nothing is written", async (_what, origins) => {
    const answer = await expectNothingWritten(() => create(from(...origins())));
    expectDocument(answer, 403, "Forbidden");
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    expect(answer.headers["vary"]).toBe("Origin");
    for (const first of ["GET /resource_providers", `DELETE /resource_providers/${provider}`]) {
      const send = () => raw([`${first} HTTP/1.1`, ...from(...origins()), ...ADMIN]);
      expectDocument(await expectNothingWritten(send), 403, "Forbidden");
    }
  });

  test("is refused by every operation with a rule, before its token and its version", async () => {
    const { operations } = await import("../../functions/index.ts");
    for (const { route, rule } of operations) {
      const first = `${route.replace(/\{\w+\}/g, randomUUID())} HTTP/1.1`;
      const lines = [first, ...from("http://evil.example"), "OpenStack-API-Version: placement 9.9"];
      const { status } = await raw(lines);
      expect([route, status]).toEqual([route, rule === undefined ? 406 : 403]);
    }
  });

  test("of another site may see what is for everybody, and what is not there", async () => {
    for (const [first, status] of [
      ["GET /", 200],
      ["GET /openapi.json", 200],
      ["GET /nowhere", 404],
      ["PUT /usages", 405],
      ["OPTIONS /resource_providers", 200],
    ] as const) {
      const lines = [`${first} HTTP/1.1`, ...from("http://evil.example"), ...ADMIN];
      const answer = await raw(lines);
      expect([first, answer.status]).toEqual([first, status]);
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    }
  });
});
