/** `npm start` and the console: what it says at its start, and how it is set. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleKeptProgram } from "../../infra/bundling.mjs";
import { parseOptions } from "../../lib/local/options.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { BUILT, makeConsole } from "./made-console.ts";

const ISSUER = [
  "--auth",
  "jwt",
  "--jwt-issuer",
  "https://issuer.example/pool",
  "--jwt-audience",
  "p",
];

describe("the options", () => {
  const consoleOf = (args: readonly string[], environment = {}) =>
    parseOptions(args, environment)?.console;

  test("have a console by default, whose callers are those of the server", () => {
    expect(consoleOf([])).toEqual({ auth: { kind: "none" }, connect: [] });
    const keystone = ["--auth", "keystone", "--keystone-url", "http://keystone:5000"];
    const openrc = { OS_USERNAME: "u", OS_PASSWORD: "p", OS_PROJECT_NAME: "service" };
    expect(consoleOf(keystone, openrc)).toEqual({
      auth: { kind: "keystone", url: "http://keystone:5000/v3" },
      connect: ["http://keystone:5000"],
    });
  });

  test("name the client that it is at an issuer", () => {
    expect(consoleOf(ISSUER)).toEqual({ auth: undefined, connect: [] });
    const jwt = {
      kind: "jwt",
      issuer: "https://issuer.example/pool",
      audience: "p",
      clientId: "console",
      scopes: ["openid"],
    };
    const auth = { auth: jwt, connect: ["https://issuer.example"] };
    expect(consoleOf([...ISSUER, "--console-client-id", "console"])).toEqual(auth);
    const environment = {
      PLACEMENT_CONSOLE_CLIENT_ID: "console",
      PLACEMENT_CONSOLE_SCOPES: "openid placement",
      PLACEMENT_CONSOLE_CONNECT: "https://tokens.example, https://other.example:8443",
    };
    expect(consoleOf(ISSUER, environment)).toEqual({
      auth: { ...jwt, scopes: ["openid", "placement"] },
      connect: ["https://issuer.example", "https://tokens.example", "https://other.example:8443"],
    });
  });

  test("may have none", () => {
    expect(consoleOf([], { PLACEMENT_CONSOLE: "false" })).toBeUndefined();
  });

  test.each([
    ["PLACEMENT_CONSOLE", "perhaps"],
    ["PLACEMENT_CONSOLE_SCOPES", "openid  placement"],
    ["PLACEMENT_CONSOLE_SCOPES", 'open"id'],
    ["PLACEMENT_CONSOLE_CONNECT", "https://tokens.example/path"],
    ["PLACEMENT_CONSOLE_CONNECT", "https://tokens.example; script-src *"],
    ["PLACEMENT_CONSOLE_CONNECT", "'unsafe-inline'"],
    ["PLACEMENT_CONSOLE_CONNECT", "*"],
  ])("refuse %s=%s", (name, value) => {
    expect(() => parseOptions([], { [name]: value })).toThrow(`${name} must be`);
  });
});

describe("npm start", () => {
  /** A program with a console beside it that this test has made. */
  let root: string;
  const script = () => join(root, "dist/local/main.mjs");

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "program-"));
    mkdirSync(dirname(script()), { recursive: true });
    for (const { path, contents } of await bundleKeptProgram("lib/local/main.ts", script())) {
      writeFileSync(path, contents);
    }
    symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const start = async (args: readonly string[] = [], environment = {}) => {
    const program = new Program({
      script: script(),
      args: ["--memory", "--port", "0", ...args],
      environment,
    });
    const url = await program.ready();
    return { program, url };
  };

  test("says that there is none where it is not built", async () => {
    const { program, url } = await start();
    await until("it says so", () => program.stdout.includes("No console: it is not built"));
    expect((await fetch(`${url}/console/`)).status).toBe(404);
    expect(await program.stop()).toBe(0);
  });

  test("says where it is, below the base path, and serves it", async () => {
    cpSync(makeConsole(), join(root, "dist/console"), { recursive: true });
    const { program, url } = await start(["--base-path", "/placement"]);
    const line = `Console on ${url}/console/\n`;
    await until("it says so", () => program.stdout.includes(line));
    const page = await fetch(`${url}/console`);
    expect([page.status, page.url]).toEqual([200, `${url}/console/`]);
    expect(await page.text()).toBe(BUILT["index.html"]);
    expect(await program.stop()).toBe(0);
  });

  test("says nothing of one that is off", async () => {
    const { program, url } = await start([], { PLACEMENT_CONSOLE: "false" });
    const answer = await fetch(`${url}/console/`);
    expect(answer.headers.get("content-security-policy")).toBeNull();
    // It is no path of the API, which asks who wants to know.
    expect(answer.status).toBe(401);
    expect(program.stdout.toLowerCase()).not.toContain("console");
    expect(await program.stop()).toBe(0);
  });
});
