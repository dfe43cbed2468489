/** The console over HTTP: its files, the headers that bind browsers, and what it is told. */
import { describe, expect, test } from "vitest";
import { loadConsole } from "../../lib/local/console/files.ts";
import type { ConsoleOptions } from "../../lib/local/console/options.ts";
import { startApi } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { detailOf } from "../support/world.ts";
import { BUILT, makeConsole, SCRIPT, STYLE } from "./made-console.ts";

const NONE: ConsoleOptions = { auth: { kind: "none" }, connect: [] };
const KEPT = "public, max-age=31536000, immutable";
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
const NOBODY = { token: null, version: null } as const;

const folder = makeConsole();
const built = (options: ConsoleOptions = NONE) => ({ options, files: loadConsole(folder) });

describe("the console", () => {
  const api = useApi({ console: built() });
  const get = (path: string, headers = {}) => api.request("GET", path, { ...NOBODY, headers });

  test.each([
    ["/console/", BUILT["index.html"], "text/html; charset=utf-8", "no-cache"],
    ["/console/index.html", BUILT["index.html"], "text/html; charset=utf-8", "no-cache"],
    [`/console/${SCRIPT}`, BUILT[SCRIPT], "text/javascript; charset=utf-8", KEPT],
    [`/console/${STYLE}`, BUILT[STYLE], "text/css; charset=utf-8", KEPT],
    ["/console/icon.svg", BUILT["icon.svg"], "image/svg+xml", "no-cache"],
  ])("has %s for anybody, whatever the query", async (path, body, type, kept) => {
    for (const target of [path, `${path}?x=1`]) {
      const answer = await get(target);
      expect([answer.status, answer.body]).toEqual([200, body]);
      expect(answer.headers).toMatchObject({
        "content-type": type,
        "cache-control": kept,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      });
    }
  });

  test("tells a browser that has a file already so, by its tag", async () => {
    const { headers } = await get("/console/");
    const again = await get("/console/", { "if-none-match": headers["etag"] });
    expect([again.status, again.body]).toEqual([304, ""]);
    expect(again.headers["content-security-policy"]).toBe(POLICY);
    expect((await get("/console/", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("answers HEAD as GET, without a body", async () => {
    for (const path of ["/console/", "/console/config.json", `/console/${SCRIPT}`]) {
      const [head, whole] = [await api.request("HEAD", path, NOBODY), await get(path)];
      expect([head.status, head.body]).toEqual([200, ""]);
      for (const name of ["content-length", "content-type", "cache-control"]) {
        expect(head.headers[name]).toBe(whole.headers[name]);
      }
    }
  });

  test("is at its path with a slash", async () => {
    const { status, headers } = await get("/console");
    expect([status, headers["location"]]).toEqual([308, "/console/"]);
  });

  test("is told where the API is, and that callers are believed", async () => {
    const { status, body, headers } = await get("/console/config.json");
    expect(status).toBe(200);
    expect(body).toEqual({ api: "/", auth: { kind: "none" }, dashboard: null });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "content-security-policy": POLICY,
    });
  });

  test.each([
    `/console/${SCRIPT}.map`,
    "/console/.secret.js",
    "/console/notes.txt",
    "/console/other.js",
    "/console/../package.json",
    "/console/%2e%2e/%2e%2e/package.json",
    "/console/..%2f..%2fpackage.json",
    "/console//index.html",
    "/console/index.html/",
    "/console/constructor",
    "/console/__proto__",
    "/console/%00",
    "/console/%ff",
  ])("has no other file: %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(detailOf(answer)).toContain("The console has no such file.");
    expect(answer.headers["content-security-policy"]).toBe(POLICY);
    expect(answer.headers["x-openstack-request-id"]).toMatch(/^req-/);
  });

  test("leaves other methods and paths to the API", async () => {
    for (const [method, path] of [
      ["POST", "/console/"],
      ["PUT", "/console/index.html"],
      ["GET", "/consoles/"],
      ["GET", "/console2"],
    ] as const) {
      const { status, headers } = await api.request(method, path);
      expect([status, headers["content-security-policy"]]).toEqual([404, undefined]);
    }
  });

  test("is not for a page whose domain leads here", async () => {
    for (const path of ["/console", "/console/", "/console/config.json"]) {
      expect((await get(path, { host: "elsewhere.example" })).status).toBe(421);
    }
  });

  test("is no request of the API", () => {
    expect(api.logs.some(({ message, status }) => message === "request" && status === 200)).toBe(
      false,
    );
  });
});

describe("with an identity service", () => {
  const connectOf = (policy: unknown) => /connect-src ([^;]*)/.exec(String(policy))?.[1];
  const keystone = useApi({
    console: built({
      auth: { kind: "keystone", url: "https://keystone.example:5000/v3" },
      connect: ["https://keystone.example:5000"],
    }),
  });
  const jwt = useApi({
    console: built({
      auth: {
        kind: "jwt",
        issuer: "https://issuer.example/pool",
        clientId: "c",
        scopes: ["openid"],
      },
      connect: ["https://issuer.example", "https://tokens.example", "https://issuer.example"],
    }),
  });
  const page = async ({ request }: typeof keystone) => {
    const { body } = await request("GET", "/console/config.json", NOBODY);
    const { headers } = await request("GET", "/console/", NOBODY);
    return { auth: body.auth, connect: connectOf(headers["content-security-policy"]) };
  };

  test("the console is told of Keystone, and may reach it alone", async () => {
    expect(await page(keystone)).toEqual({
      auth: { kind: "keystone", url: "https://keystone.example:5000/v3" },
      connect: "'self' https://keystone.example:5000",
    });
  });

  test("the console is told of the issuer, and may reach it and where it gives tokens", async () => {
    expect(await page(jwt)).toEqual({
      auth: {
        kind: "jwt",
        issuer: "https://issuer.example/pool",
        clientId: "c",
        scopes: ["openid"],
      },
      connect: "'self' https://issuer.example https://tokens.example",
    });
  });
});

describe("below a base path", () => {
  const mount = { basePath: "/placement", trustsForwarded: true };
  const api = useApi({ mount, console: built() });
  const get = (path: string, headers = {}) => api.request("GET", path, { ...NOBODY, headers });

  test("the console is there, and so is its API", async () => {
    expect((await get("/console/")).status).toBe(404);
    expect((await get("/placement/console/")).body).toBe(BUILT["index.html"]);
    expect((await get("/placement/console")).headers["location"]).toBe("/placement/console/");
    expect((await get("/placement/console/config.json")).body.api).toBe("/placement/");
  });

  test("behind a proxy it is where clients see it", async () => {
    const headers = { "x-forwarded-prefix": "/cell1" };
    expect((await get("/placement/console", headers)).headers["location"]).toBe(
      "/cell1/placement/console/",
    );
    const { body } = await get("/placement/console/config.json", headers);
    expect(body.api).toBe("/cell1/placement/");
    const wrong = await get("/placement/console/", { "x-forwarded-prefix": "no path" });
    expect(wrong.status).toBe(400);
  });
});

describe("where it is not built", () => {
  const missing = useApi({ console: { options: NONE, files: loadConsole(`${folder}/nowhere`) } });
  const empty = useApi({ console: { options: NONE, files: loadConsole(makeConsole({})) } });

  const unbuilt = "There is no console: it is not built: 'npm run prepare' builds it.";

  test("the answer says so, and the API serves", async () => {
    for (const { request } of [missing, empty]) {
      for (const path of ["/console", "/console/", "/console/config.json"]) {
        const answer = await request("GET", path, NOBODY);
        expect(answer.status).toBe(404);
        expect(detailOf(answer)).toContain(unbuilt);
      }
      expect((await request("GET", "/resource_providers")).status).toBe(200);
    }
  });

  test("of an issuer to which it is no client either", async () => {
    const { request, close } = await startApi({ console: built({ auth: undefined, connect: [] }) });
    const answer = await request("GET", "/console/", NOBODY);
    const unknown = "There is no console: with --auth jwt it needs --console-client-id.";
    expect(answer.status).toBe(404);
    expect(detailOf(answer)).toContain(unknown);
    await close();
  });
});

describe("pages of the server's own origin", () => {
  const plain = useApi({ console: built() });
  const proxied = useApi({ mount: { basePath: "", trustsForwarded: true }, console: built() });
  const write = ({ request }: typeof plain, headers: Readonly<Record<string, string>>) =>
    request("PUT", "/traits/CUSTOM_A", { headers });

  test("may use it, and no other's", async () => {
    const { host } = new URL(plain.url);
    expect((await write(plain, { origin: plain.url })).status).toBe(201);
    for (const origin of [`https://${host}`, "http://elsewhere.example", "null"]) {
      expect((await write(plain, { origin })).status).toBe(403);
    }
  });

  test("behind a proxy of the operator's are those that browsers see", async () => {
    const { host } = new URL(proxied.url);
    const secure = { "x-forwarded-proto": "https" };
    expect((await write(proxied, { origin: `https://${host}`, ...secure })).status).toBe(201);
    expect((await write(proxied, { origin: `http://${host}`, ...secure })).status).toBe(403);
  });
});
