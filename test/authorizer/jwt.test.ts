/** Whose a JSON Web Token is: signed by the issuer, for us, and alive. */
import { generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { HttpClient } from "../../lib/authorizer/https.ts";
import { jwtAuthenticate } from "../../lib/authorizer/jwt/authenticate.ts";
import { claimsSchema } from "../../lib/authorizer/jwt/claims.ts";
import { IssuerKeys } from "../../lib/authorizer/jwt/keys.ts";
import { fastClock } from "../support/fast-clock.ts";
import { AUDIENCE, startStubIssuer } from "../support/stub-issuer.ts";

const NONE = { kind: "jwt", status: "none" };
const UNAVAILABLE = { kind: "jwt", status: "unavailable" };
const KEYS = "/keys";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(claims: Readonly<Record<string, string>> = {}) {
  const clock = fastClock();
  const stub = await startStubIssuer(() => clock.now());
  const http = new HttpClient({ clock, timeout: 5_000 });
  closers.push(
    () => stub.close(),
    () => http.close(),
  );
  const { issuer } = stub;
  const keys = new IssuerKeys({ issuer, http, clock });
  const logged: unknown[] = [];
  const authenticate = jwtAuthenticate({
    keys,
    issuer,
    audience: AUDIENCE,
    claims: claimsSchema.parse(claims),
    clock,
    log: (entry) => logged.push(entry),
  });
  const ask = (token: string) => authenticate({ authorization: `Bearer ${token}` });
  return { stub, clock, ask, authenticate, logged, keyReads: () => stub.counts.get(KEYS) ?? 0 };
}

describe("a valid token", () => {
  test("says user, project and roles by the default claims", async () => {
    const { stub, ask, clock } = await open();
    const token = await stub.sign({ sub: "ann", project_id: "alpha", roles: ["reader"] });
    const expires = (Math.floor(clock.now() / 1_000) + 3_600) * 1_000;
    expect(await ask(token)).toEqual({
      kind: "jwt",
      status: "ok",
      user: "ann",
      project: "alpha",
      domain: null,
      roles: ["reader"],
      system: false,
      expires,
    });
  });

  test.each([
    ["a path", "realm_access.roles", { realm_access: { roles: ["admin"] } }, ["admin"]],
    ["a URL", "https://example.org/roles", { "https://example.org/roles": ["admin"] }, ["admin"]],
    ["a text", "scope", { scope: "reader member" }, ["reader", "member"]],
    ["no list", "roles", { roles: { admin: true } }, []],
    ["no names", "roles", { roles: [1, null, "", "admin"] }, ["admin"]],
    ["something inherited", "constructor.name", {}, []],
  ])("has its roles in a claim that is %s", async (_, roles, payload, expected) => {
    const { stub, ask } = await open({ roles });
    expect(await ask(await stub.sign({ sub: "ann", ...payload }))).toMatchObject({
      status: "ok",
      roles: expected,
      project: null,
    });
  });

  test("needs the issuer's keys once", async () => {
    const { stub, ask, keyReads } = await open();
    const token = await stub.sign({ sub: "ann" });
    await Promise.all(Array.from({ length: 50 }, () => ask(token)));
    expect(keyReads()).toBe(1);
  });
});

describe("a token is refused", () => {
  test.each([
    ["of another issuer", { issuer: "https://else.example" }],
    ["for another audience", { audience: "nova" }],
    ["that has expired", { expires: 1 }],
  ])("%s", async (_, overrides) => {
    const { stub, ask } = await open();
    expect(await ask(await stub.sign({ sub: "ann" }, overrides))).toEqual(NONE);
  });

  test("without a user", async () => {
    const { stub, ask } = await open();
    expect(await ask(await stub.sign({ roles: ["admin"] }))).toEqual(NONE);
  });

  test("that is not signed", async () => {
    const { stub, ask } = await open();
    const token = new UnsecuredJWT({ sub: "ann" })
      .setIssuer(stub.issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .encode();
    expect(await ask(token)).toEqual(NONE);
  });

  test("that is signed with a shared secret", async () => {
    const { stub, ask } = await open();
    const token = await new SignJWT({ sub: "ann" })
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .setIssuer(stub.issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .sign(Buffer.alloc(32, 1));
    expect(await ask(token)).toEqual(NONE);
  });

  test("that somebody else signed under the issuer's key id", async () => {
    const { stub, ask } = await open();
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const token = await new SignJWT({ sub: "ann" })
      .setProtectedHeader({ alg: "ES256", kid: "key-1" })
      .setIssuer(stub.issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .sign(privateKey);
    expect(await ask(token)).toEqual(NONE);
  });

  test.each(["", "a.b.c", "x".repeat(9_000)])("that is none: %j", async (token) => {
    const { ask } = await open();
    expect(await ask(token)).toEqual(NONE);
  });

  test("in X-Auth-Token", async () => {
    const { stub, authenticate } = await open();
    expect(await authenticate({ "x-auth-token": await stub.sign({ sub: "ann" }) })).toEqual(NONE);
  });
});

describe("the issuer's keys", () => {
  test("are read anew where a token names another one, but not for each that does", async () => {
    const { stub, ask, clock, keyReads } = await open();
    await ask(await stub.sign({ sub: "ann" }));
    await stub.rotate();
    const token = await stub.sign({ sub: "bob" });
    expect(await ask(token)).toEqual(NONE);
    expect(keyReads()).toBe(1);
    clock.pass(30_000);
    expect(await ask(token)).toMatchObject({ user: "bob" });
    expect(keyReads()).toBe(2);
  });

  test("of an issuer that is down are not asked for by every request, nor relied on for ever", async () => {
    const { stub, ask, clock } = await open();
    const lasting = { expires: Math.floor(clock.now() / 1_000) + 36_000 };
    const token = await stub.sign({ sub: "ann" }, lasting);
    await ask(token);
    stub.failing = true;
    const discovery = "/.well-known/openid-configuration";
    clock.pass(600_000);
    for (let time = 0; time < 5; time += 1)
      expect(await ask(token)).toMatchObject({ status: "ok" });
    expect(stub.counts.get(discovery)).toBe(2);
    clock.pass(3_000_000);
    expect(await ask(token)).toEqual(UNAVAILABLE);
    stub.failing = false;
    clock.pass(30_000);
    expect(await ask(token)).toMatchObject({ status: "ok" });
  });

  test("are relied on while the issuer is down, and nobody is let in without them", async () => {
    const { stub, ask, clock, logged } = await open();
    stub.failing = true;
    const token = await stub.sign({ sub: "ann" });
    expect(await ask(token)).toEqual(UNAVAILABLE);
    expect(logged).toHaveLength(1);
    stub.failing = false;
    expect(await ask(token)).toMatchObject({ status: "ok" });
    stub.failing = true;
    clock.pass(700_000);
    expect(await ask(token)).toMatchObject({ status: "ok" });
  });
});
