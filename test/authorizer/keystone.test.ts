/** Whose a token of Keystone is: asked once, remembered for a while, and never guessed. */
import { afterEach, describe, expect, test } from "vitest";
import type { IdentityDocument } from "../../lib/api/identity-document.ts";
import type { Authenticate } from "../../lib/authorizer/authenticator.ts";
import { HttpClient } from "../../lib/authorizer/https.ts";
import { keystoneAuthenticate } from "../../lib/authorizer/keystone/authenticate.ts";
import { KeystoneClient } from "../../lib/authorizer/keystone/client.ts";
import { type CredentialSource, keptCredential } from "../../lib/authorizer/keystone/credential.ts";
import { TokenCache } from "../../lib/authorizer/token-cache.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import {
  STUB_CREDENTIAL,
  type StubKeystone,
  type StubUser,
  startStubKeystone,
} from "../support/stub-keystone.ts";

const VALIDATE = "GET /v3/auth/tokens";
const LOG_IN = "POST /v3/auth/tokens";

const users: Record<string, StubUser> = {
  alpha: { user: "u-alpha", project: "p-alpha", roles: ["reader", "member"] },
  system: { user: "u-system", roles: ["admin"], system: true },
  domain: { user: "u-domain", domain: "d-1", roles: ["admin"] },
};

interface Opened {
  readonly stub: StubKeystone;
  readonly clock: FastClock;
  readonly logged: Readonly<Record<string, unknown>>[];
  readonly authenticate: Authenticate;
  ask(token: string): Promise<IdentityDocument>;
  count(path: string): number;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open({
  credential = async () => STUB_CREDENTIAL,
  ...settings
}: Partial<{
  maxAge: number;
  maxTokens: number;
  maxAsking: number;
  credential: CredentialSource;
}> = {}): Promise<Opened> {
  const clock = fastClock();
  const hour = () => clock.now() + 3_600_000;
  const stub = await startStubKeystone((token) => {
    const found = users[token];
    return found && { expires: hour(), ...found };
  }, clock.now);
  closers.push(() => stub.close());
  const http = new HttpClient({ clock, timeout: 5_000 });
  closers.push(() => http.close());
  const client = new KeystoneClient({ url: stub.url, credential, http, clock });
  const limits = { maxAge: 300_000, maxTokens: 1_000, maxAsking: 16, ...settings };
  const cache = new TokenCache<IdentityDocument>({ clock, ...limits });
  const logged: Readonly<Record<string, unknown>>[] = [];
  const authenticate = keystoneAuthenticate({ client, cache, log: (entry) => logged.push(entry) });
  return {
    stub,
    clock,
    logged,
    authenticate,
    ask: (token) => authenticate({ "x-auth-token": token }),
    count: (path) => stub.counts.get(path) ?? 0,
  };
}

const NONE = { kind: "keystone", status: "none" };
const UNAVAILABLE = { kind: "keystone", status: "unavailable" };

describe("a valid token", () => {
  test("says user, project and roles", async () => {
    const { ask, clock } = await open();
    expect(await ask("alpha")).toEqual({
      kind: "keystone",
      status: "ok",
      user: "u-alpha",
      project: "p-alpha",
      domain: null,
      roles: ["reader", "member"],
      system: false,
      expires: clock.now() + 3_600_000,
    });
  });

  test("of another scope says so", async () => {
    const { ask } = await open();
    expect(await ask("system")).toMatchObject({ project: null, domain: null, system: true });
    expect(await ask("domain")).toMatchObject({ project: null, domain: "d-1", system: false });
  });

  test("may come as a bearer token", async () => {
    const { authenticate } = await open();
    const found = await authenticate({ authorization: "bearer alpha" });
    expect(found).toMatchObject({ status: "ok", user: "u-alpha" });
  });

  test("is asked for once by a thousand requests", async () => {
    const { ask, count } = await open();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => ask("alpha")));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["ok"]));
    await ask("alpha");
    expect([count(VALIDATE), count(LOG_IN)]).toEqual([1, 1]);
  });

  test("is asked for again after its time", async () => {
    const { ask, clock, count } = await open();
    await ask("alpha");
    clock.pass(299_999);
    await ask("alpha");
    expect(count(VALIDATE)).toBe(1);
    clock.pass(1);
    await ask("alpha");
    expect(count(VALIDATE)).toBe(2);
  });

  test("is remembered no longer than it lives", async () => {
    const { ask, clock, count } = await open();
    users["short"] = { user: "u-short", project: "p", expires: clock.now() + 10_000 };
    await ask("short");
    clock.pass(10_000);
    delete users["short"];
    expect(await ask("short")).toEqual(NONE);
    expect(count(VALIDATE)).toBe(2);
  });
});

describe("no valid token", () => {
  test.each([
    ["no token", {}],
    ["an empty one", { "x-auth-token": "" }],
    ["one with a line break", { "x-auth-token": "a\nb" }],
    ["one that is too long", { "x-auth-token": "a".repeat(8_193) }],
    ["another scheme", { authorization: "Basic YTpi" }],
  ])("%s is never sent to Keystone", async (_, headers) => {
    const { authenticate, stub } = await open();
    expect(await authenticate(headers)).toEqual(NONE);
    expect(stub.counts.size).toBe(0);
  });

  test("is remembered too", async () => {
    const { ask, count } = await open();
    expect([await ask("nobody"), await ask("nobody")]).toEqual([NONE, NONE]);
    expect(count(VALIDATE)).toBe(1);
  });
});

describe("our own token", () => {
  test("is renewed once where Keystone no longer takes it", async () => {
    const { ask, stub, count } = await open();
    await ask("alpha");
    stub.revokeOwn();
    expect(await ask("system")).toMatchObject({ status: "ok" });
    expect(count(LOG_IN)).toBe(2);
  });

  test("that lives for less than a minute is not renewed for every question", async () => {
    const { ask, stub, clock, count } = await open({ maxAge: 1 });
    stub.ownLife = 20_000;
    await ask("alpha");
    clock.pass(14_999);
    await ask("alpha");
    expect(count(LOG_IN)).toBe(1);
    clock.pass(1);
    await ask("alpha");
    expect(count(LOG_IN)).toBe(2);
  });

  test("is renewed before it ends", async () => {
    const { ask, clock, count } = await open({ maxAge: 1 });
    await ask("alpha");
    clock.pass(3_600_000 - 59_000);
    await ask("alpha");
    expect(count(LOG_IN)).toBe(2);
  });
});

describe("our own credential", () => {
  const rotating = (clock: { now(): number }) => {
    let text = JSON.stringify(STUB_CREDENTIAL);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return text;
    };
    return {
      source: keptCredential(read, clock),
      reads: () => reads,
      write: (next: unknown) => {
        text = typeof next === "string" ? next : JSON.stringify(next);
      },
    };
  };
  const WRONG = { ...STUB_CREDENTIAL, OS_PASSWORD: "replaced" };

  test("is read once, and again where Keystone refuses it", async () => {
    let now = () => 0;
    const secret = rotating({ now: () => now() });
    secret.write(WRONG);
    const { ask, clock, count, logged } = await open({ credential: secret.source });
    now = clock.now;
    expect(await ask("alpha")).toEqual(UNAVAILABLE);
    expect([secret.reads(), count(LOG_IN)]).toEqual([1, 1]);
    // An account gets locked by wrong passwords: none is tried again for a while.
    expect(await ask("alpha")).toEqual(UNAVAILABLE);
    expect([secret.reads(), count(LOG_IN)]).toEqual([1, 1]);
    secret.write(STUB_CREDENTIAL);
    clock.pass(30_000);
    expect(await ask("alpha")).toMatchObject({ status: "ok" });
    expect([secret.reads(), count(LOG_IN)]).toEqual([2, 2]);
    expect(JSON.stringify(logged)).not.toContain("replaced");
  });

  test("that was rotated costs no request", async () => {
    let now = () => 0;
    const secret = rotating({ now: () => now() });
    secret.write(WRONG);
    const { ask, clock, stub } = await open({ credential: secret.source });
    now = clock.now;
    await secret.source();
    secret.write(STUB_CREDENTIAL);
    clock.pass(30_000);
    stub.revokeOwn();
    expect(await ask("alpha")).toMatchObject({ status: "ok" });
    expect(secret.reads()).toBe(2);
  });

  test.each(["", "{", "[]", '{"OS_USERNAME":"u","OS_PASSWORD":"hush"}', '{"OS_PASSWORD":"hush"}'])(
    "that is none is told without its text: %j",
    async (text) => {
      const secret = rotating({ now: () => 0 });
      secret.write(text);
      const { ask, logged, stub } = await open({ credential: secret.source });
      expect(await ask("alpha")).toEqual(UNAVAILABLE);
      expect(logged).toMatchObject([{ reason: expect.stringContaining("InvalidCredential") }]);
      expect(JSON.stringify(logged)).not.toContain("hush");
      expect(stub.counts.size).toBe(0);
    },
  );
});

describe("where Keystone does not answer", () => {
  test.each([500, 503, 403, 401, 302])(
    "with %i, nobody is let in and nobody is turned away",
    async (status) => {
      const { ask, stub, logged, clock } = await open();
      stub.failing = status;
      expect(await ask("alpha")).toEqual(UNAVAILABLE);
      expect(logged).toHaveLength(1);
      expect(JSON.stringify(logged)).not.toContain("secret");
      stub.failing = undefined;
      clock.pass(30_000);
      expect(await ask("alpha")).toMatchObject({ status: "ok" });
    },
  );

  test("what is remembered goes on, the rest is not known", async () => {
    const { ask, stub } = await open();
    await ask("alpha");
    stub.failing = 503;
    expect(await ask("alpha")).toMatchObject({ status: "ok" });
    expect(await ask("system")).toEqual(UNAVAILABLE);
  });

  test("in time, the call ends", async () => {
    const { ask, stub, clock } = await open();
    await ask("alpha");
    stub.pause();
    const asked = ask("system");
    await expect.poll(() => clock.timers).toBe(1);
    clock.ring();
    expect(await asked).toEqual(UNAVAILABLE);
    stub.resume();
    expect(await ask("system")).toMatchObject({ status: "ok" });
  });

  test("no more questions than allowed wait for it", async () => {
    const { ask, stub, clock, count } = await open({ maxAsking: 2 });
    await ask("alpha");
    stub.pause();
    const asked = ["a", "b", "c", "d"].map(ask);
    expect(await Promise.all(asked.slice(2))).toEqual([UNAVAILABLE, UNAVAILABLE]);
    await expect.poll(() => clock.timers).toBe(2);
    clock.ring();
    clock.ring();
    await Promise.all(asked);
    expect(count(VALIDATE)).toBeLessThanOrEqual(3);
  });
});

test("the least used token is forgotten first", async () => {
  const { ask, count } = await open({ maxTokens: 2 });
  for (const token of ["alpha", "system", "alpha", "domain", "alpha"]) await ask(token);
  expect(count(VALIDATE)).toBe(3);
  await ask("system");
  expect(count(VALIDATE)).toBe(4);
});

test("a flood of made-up tokens drives out no valid one", async () => {
  const { ask, count } = await open({ maxTokens: 2 });
  await ask("alpha");
  for (const token of ["a", "b", "c", "d"]) await ask(token);
  const asked = count(VALIDATE);
  expect(await ask("alpha")).toMatchObject({ status: "ok" });
  expect(count(VALIDATE)).toBe(asked);
});
