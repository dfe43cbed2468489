/** The local server before a real Keystone, with the real `openstack` client. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { freePort } from "../../lib/local/ports.ts";
import { smoke } from "../../scripts/smoke/smoke.ts";
import { HttpClient } from "../support/http-client.ts";
import { Program } from "../support/program.ts";
import { openrc, type RealKeystone, run, startKeystone } from "../support/real-keystone.ts";

const BASE = "/placement";
const SLOW = 480_000;
const VALIDATE = "GET /v3/auth/tokens";
/** Keystone sets itself up with tokens that live no longer. */
const TOKEN_SECONDS = 60;

let keystone: RealKeystone;
let server: Program;
let http: HttpClient;
/** Of the server, with its base path. */
let address: string;

beforeAll(async () => {
  const port = await freePort("127.0.0.1");
  keystone = await startKeystone({ placement: `http://127.0.0.1:${port}${BASE}` });
  const { PATH: _, ...credential } = openrc(keystone.url, "placement", "service");
  const args = ["--memory", "--port", String(port), "--base-path", BASE, "--auth", "keystone"];
  const environment = { ...credential, PLACEMENT_LOG_LEVEL: "INFO" };
  server = new Program({ args: [...args, "--keystone-url", keystone.url], environment });
  address = await server.ready();
  expect(address).toBe(`http://127.0.0.1:${port}${BASE}`);
  http = new HttpClient(address);
}, SLOW);

afterAll(async () => {
  http.close();
  await server.stop();
  await keystone.close();
}, SLOW);

function ask(token: string, path = "/resource_providers") {
  const headers = { "x-auth-token": token, "openstack-api-version": "placement 1.39" };
  return http.send({ method: "GET", path: `${BASE}${path}`, headers });
}

/** Its status once Keystone has answered: on a busy machine it may take longer than a request waits for it. */
async function statusOf(token: string): Promise<number> {
  for (let left = 5; ; left -= 1) {
    const { status } = await ask(token);
    if (status !== 503 || left === 0) return status;
  }
}

const validations = async () => (await keystone.counts())[VALIDATE] ?? 0;

describe("tokens", () => {
  test("of services and administrators are accepted, of others refused", async () => {
    const statuses: Record<string, number> = {};
    for (const [user, project] of [
      ["nova", "service"],
      ["admin", "admin"],
      ["alpha-reader", "alpha"],
      ["alpha-member", "alpha"],
    ] as const) {
      statuses[user] = await statusOf(await keystone.token(user, project));
    }
    expect(statuses).toEqual({ nova: 200, admin: 200, "alpha-reader": 403, "alpha-member": 403 });
  });

  test("that are none are answered 401, and how to get one", async () => {
    for (const token of ["admin", "x".repeat(5_000), "gAAAAAB", "%00", "0".repeat(32)]) {
      const answer = await ask(token);
      const { status, headers } = answer;
      expect([status, headers["www-authenticate"]]).toEqual([
        401,
        `Keystone uri="${keystone.url}"`,
      ]);
    }
  });

  test("of a reader show the usages of its own project alone", async () => {
    const token = await keystone.token("alpha-reader", "alpha");
    const { alpha, beta } = keystone.projects;
    expect((await ask(token, `/usages?project_id=${alpha}`)).status).toBe(200);
    expect((await ask(token, `/usages?project_id=${beta}`)).status).toBe(403);
  });

  test("that were revoked before they were seen are refused", async () => {
    const token = await keystone.token("nova", "service");
    await keystone.revoke(token);
    expect((await ask(token)).status).toBe(401);
  });

  test("a thousand requests with one token ask Keystone once", async () => {
    const token = await keystone.token("nova", "service");
    const before = await validations();
    // More connections at once would fill the server's backlog.
    for (let round = 0; round < 20; round += 1) {
      const asked = Array.from({ length: 50 }, () => ask(token, "/resource_classes/VCPU"));
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    expect((await validations()) - before).toBe(1);
  });

  test("are logged as ids of their users, never themselves", async () => {
    const token = await keystone.token("nova", "service");
    await ask(token);
    expect(server.stdout).toContain(`"project":"${keystone.projects["service"]}"`);
    expect(server.stdout).not.toContain(token);
    expect(server.stdout).not.toContain("-secret");
  });
});

describe("while Keystone is out of order", () => {
  test.each([500, 503, 403])("with %i known tokens go on and others wait", async (status) => {
    const [known, other] = [
      await keystone.token("nova", "service"),
      await keystone.token("admin", "admin"),
    ];
    expect((await ask(known)).status).toBe(200);
    await keystone.fail(status);
    expect((await ask(known)).status).toBe(200);
    const answer = await ask(other);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "5"]);
    await keystone.resume();
  });

  test("it is asked again once it is back", async () => {
    const token = await keystone.token("nova", "service");
    await keystone.fail(503);
    expect((await ask(token)).status).toBe(503);
    await keystone.resume();
    expect((await ask(token)).status).toBe(200);
  });

  test("a Keystone that does not answer keeps nobody waiting without end", async () => {
    const known = await keystone.token("nova", "service");
    const other = await keystone.token("admin", "admin");
    await ask(known);
    await keystone.pause();
    const waiting = ask(other);
    expect((await ask(known)).status).toBe(200);
    expect((await waiting).status).toBe(503);
    await keystone.resume();
    expect((await ask(other)).status).toBe(200);
  });
});

describe("the openstack client", () => {
  const os = (user: string, project: string, ...args: readonly string[]) =>
    run("/usr/bin/openstack", args, openrc(keystone.url, user, project));

  test(
    "logs in with a password, finds the endpoint in the catalogue, creates and claims",
    async () => {
      const [host, vm] = [randomUUID(), randomUUID()];
      const issued = await os("nova", "service", "token", "issue", "-f", "value", "-c", "id");
      expect([issued.status, issued.stdout.length > 100]).toEqual([0, true]);
      const provider = ["resource", "provider"];
      // It follows `Location` below the base path.
      const created = await os("nova", "service", ...provider, "create", host, "--uuid", host);
      expect([created.status, created.stderr]).toEqual([0, ""]);
      const inventory = ["inventory", "set", host, "--resource", "VCPU=8"];
      expect((await os("nova", "service", ...provider, ...inventory)).status).toBe(0);
      const owner = ["--project-id", "p", "--user-id", "u", "--consumer-type", "INSTANCE"];
      const claim = ["allocation", "set", vm, "--allocation", `rp=${host},VCPU=2`, ...owner];
      expect((await os("nova", "service", ...provider, ...claim)).status).toBe(0);
      const shown = await os("nova", "service", ...provider, "usage", "show", host, "-f", "json");
      expect(JSON.parse(shown.stdout)).toEqual([{ resource_class: "VCPU", usage: 2 }]);
      const refused = await os("alpha-reader", "alpha", ...provider, "list");
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("403")]);
    },
    SLOW,
  );

  test(
    "is not needed: the smoke test logs in with the same variables",
    async () => {
      const { PATH: _, ...environment } = openrc(keystone.url, "admin", "admin");
      const lines: string[] = [];
      const print = (line: string) => lines.push(line);
      const parts = { clock: platformClock, random: platformRandom, print };
      const args = ["--url", address, "--auth", "keystone"];
      expect([await smoke(args, environment, parts), lines.at(-1)]).toEqual([
        0,
        "10 passed, 0 failed",
      ]);
    },
    SLOW,
  );

  test.skipIf(!process.env["OPENSTACK_JOURNEY"])(
    "does all of an operator's day",
    async () => {
      const environment = openrc(keystone.url, "admin", "admin");
      const { OS_PLACEMENT_API_VERSION: _, ...log_in } = environment;
      const { stdout } = await run(process.env["OPENSTACK_JOURNEY"] ?? "", ["full"], log_in);
      expect(stdout.split("\n").filter((line) => line.startsWith("FAIL"))).toEqual([]);
      expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed$/m);
    },
    SLOW,
  );
});

describe("tokens that end", () => {
  test(
    "are refused from then on, though Keystone called them valid",
    async () => {
      const brief = await startKeystone({
        placement: "http://127.0.0.1:1",
        tokenSeconds: TOKEN_SECONDS,
      });
      const { PATH: _, ...credential } = openrc(brief.url, "placement", "service");
      const args = ["--memory", "--port", "0", "--auth", "keystone", "--keystone-url", brief.url];
      const other = new Program({ args, environment: credential });
      const url = await other.ready();
      const client = new HttpClient(url);
      try {
        const headers = { "x-auth-token": await brief.token("nova", "service") };
        const status = async () =>
          (await client.send({ method: "GET", path: "/resource_providers", headers })).status;
        expect(await status()).toBe(200);
        const before = (await brief.counts())[VALIDATE];
        await expect.poll(status, { timeout: 3_000 * TOKEN_SECONDS, interval: 500 }).toBe(401);
        // The answer that was kept ended with the token: Keystone was asked once more, and said no.
        expect((await brief.counts())[VALIDATE]).toBe((before ?? 0) + 1);
        const fresh = { "x-auth-token": await brief.token("nova", "service") };
        const path = "/resource_providers";
        expect((await client.send({ method: "GET", path, headers: fresh })).status).toBe(200);
      } finally {
        client.close();
        await other.stop();
        await brief.close();
      }
    },
    SLOW,
  );
});
