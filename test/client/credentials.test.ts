/** How callers over HTTP identify themselves. */
import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Credentials } from "../../lib/client/http.ts";
import { keystone, NoToken } from "../../lib/client/keystone.ts";
import { environmentCredentials, sigv4 } from "../../lib/client/sigv4.ts";
import { bearer } from "../../lib/client/tokens.ts";
import { clientOf, type SentRequest } from "../support/client.ts";
import { fastClock } from "../support/fast-clock.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";

const URL_OF_API = "https://abc123.execute-api.eu-west-1.amazonaws.com";
const TRAITS = () => Response.json({ traits: [] });
const UNAUTHORIZED = () => Response.json({ message: "who?" }, { status: 401 });

/** A client whose requests a made-up server answers: 401 unless `accepts`. */
function clientWith(credentials: Credentials, accepts: (request: SentRequest) => boolean) {
  return clientOf(URL_OF_API, async (request) => (accepts(request) ? TRAITS() : UNAUTHORIZED()), {
    credentials,
  });
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();

/** RFC 3986, of UTF-8. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * The signature that the request should have, by AWS's description of the algorithm: path
 * segments are encoded twice, the query is sorted by name and then by value.
 */
function expectedSignature({ method, url, headers, body }: SentRequest, secret: string): string {
  const { pathname, searchParams, host } = new URL(url);
  const { authorization = "" } = headers;
  const [, date = "", region = "", names = ""] =
    /Credential=[^/]+\/(\d{8})\/([\w-]+)\/execute-api\/aws4_request, SignedHeaders=([\w;-]+)/.exec(
      authorization,
    ) ?? [];
  const all: Readonly<Record<string, string>> = { ...headers, host };
  const path = pathname.split("/").map(escaped).join("/");
  const query = [...searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join("&");
  const lines = names.split(";").map((name) => `${name}:${all[name]?.trim()}\n`);
  const canonical = [method, path, query, lines.join(""), names, sha256(String(body ?? ""))];
  const scope = `${date}/${region}/execute-api/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical.join("\n"))];
  const keys = [date, region, "execute-api", "aws4_request"];
  const key = keys.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text.join("\n")).toString("hex");
}

describe("a signature", () => {
  const aws = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a secret/of+AWS" };
  const clock = fastClock(Date.UTC(2031, 4, 6, 7, 8, 9));

  test("is what AWS computes, of path, query, headers and body", async () => {
    const { client, sent } = clientWith(
      sigv4({ region: "eu-west-1", credentials: { ...aws, sessionToken: "session" }, clock }),
      () => true,
    );
    await client.call("traits/list", {});
    const name = "a b/c*(!)'~ü";
    await client.call("resource-providers/list", { parameters: { member_of: ["b", "a"], name } });
    await client.call("traits/show", { parameters: { name: "a b/c*ü" } });
    await client.call("resource-providers/create", { body: { name }, idempotencyKey: "key" });
    expect(sent).toHaveLength(4);
    for (const request of sent) {
      const { authorization } = request.headers;
      const signature = expectedSignature(request, aws.secretAccessKey);
      expect(authorization).toContain(`Signature=${signature}`);
      expect(authorization).toMatch(/SignedHeaders=[^,]*\bhost;.*x-amz-date;x-amz-security-token/);
      expect(request.headers).toMatchObject({
        "x-amz-date": "20310506T070809Z",
        "x-amz-security-token": "session",
      });
      expect(request.headers).not.toHaveProperty("host");
    }
    expect(sent[3]?.headers["authorization"]).toContain("idempotency-key");
  });

  test("is of the credentials at that moment", async () => {
    let count = 0;
    const credentials = async () => {
      count += 1;
      return { ...aws, accessKeyId: `KEY${count}` };
    };
    const { client, sent } = clientWith(sigv4({ region: "eu-west-1", credentials }), () => true);
    await client.call("traits/list", {});
    await client.call("traits/list", {});
    expect(
      sent.map(({ headers }) => /Credential=(\w+)/.exec(headers["authorization"] ?? "")?.[1]),
    ).toEqual(["KEY1", "KEY2"]);
  });

  test("may be made with the credentials of the environment", () => {
    const given = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    expect(environmentCredentials(given)).toEqual({ accessKeyId: "a", secretAccessKey: "b" });
    expect(environmentCredentials({ ...given, AWS_SESSION_TOKEN: "c" })).toHaveProperty(
      "sessionToken",
      "c",
    );
    expect(() => environmentCredentials({ AWS_ACCESS_KEY_ID: "a" })).toThrow("have to be set");
  });
});

describe("a token of Keystone", () => {
  let stub: StubKeystone;
  beforeAll(async () => {
    stub = await startStubKeystone(() => undefined);
  });
  afterAll(() => stub.close());
  const issued = () => stub.counts.get("POST /v3/auth/tokens") ?? 0;

  test("is asked for once, by however many requests at a time", async () => {
    const before = issued();
    const credentials = keystone({ url: stub.url, credential: STUB_CREDENTIAL });
    const { client, sent } = clientWith(credentials, () => true);
    await Promise.all(Array.from({ length: 20 }, () => client.call("traits/list", {})));
    expect([sent.length, issued() - before]).toEqual([20, 1]);
    expect(new Set(sent.map(({ headers }) => headers["x-auth-token"])).size).toBe(1);
  });

  test("is renewed when it is answered 401, and the request sent once more", async () => {
    const before = issued();
    const credential = { ...STUB_CREDENTIAL, OS_AUTH_URL: stub.url.replace(/\/v3$/, "/") };
    const revoked = new Set<string>();
    const { client, sent } = clientWith(
      keystone({ credential }),
      ({ headers }) => !revoked.has(headers["x-auth-token"] ?? ""),
    );
    await client.call("traits/list", {});
    revoked.add(sent[0]?.headers["x-auth-token"] ?? "");
    await Promise.all([client.call("traits/list", {}), client.call("traits/list", {})]);
    expect(issued() - before).toBe(2);
    expect(sent).toHaveLength(5);
  });

  test("that is worth nothing even if it is new is answered 401", async () => {
    const { client, sent } = clientWith(
      keystone({ url: stub.url, credential: STUB_CREDENTIAL }),
      () => false,
    );
    await expect(client.call("traits/list", {})).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(2);
  });

  test("is renewed a minute before it expires", async () => {
    const before = issued();
    const clock = fastClock();
    const credentials = keystone({ url: stub.url, credential: STUB_CREDENTIAL, clock });
    const { client } = clientWith(credentials, () => true);
    await client.call("traits/list", {});
    clock.pass(3_500_000);
    await client.call("traits/list", {});
    expect(issued() - before).toBe(1);
    clock.pass(45_000);
    await Promise.all([client.call("traits/list", {}), client.call("traits/list", {})]);
    expect(issued() - before).toBe(2);
  });

  test("that Keystone does not give is an error of its own, and asked for again later", async () => {
    const wrong = { ...STUB_CREDENTIAL, OS_PASSWORD: "wrong" };
    const { client, sent } = clientWith(keystone({ url: stub.url, credential: wrong }), () => true);
    await expect(client.call("traits/list", {})).rejects.toMatchObject({ status: 401 });
    await expect(client.call("traits/list", {})).rejects.toBeInstanceOf(NoToken);
    expect(sent).toEqual([]);
    const late = keystone({ url: stub.url, credential: STUB_CREDENTIAL });
    stub.failing = 503;
    await expect(clientWith(late, () => true).client.call("traits/list", {})).rejects.toThrow(
      "503",
    );
    stub.failing = undefined;
    expect((await clientWith(late, () => true).client.call("traits/list", {})).status).toBe(200);
  });

  test.each([
    ["OS_AUTH_URL", {}],
    ["OS_USERNAME", { OS_AUTH_URL: "http://k" }],
    [
      "OS_APPLICATION_CREDENTIAL_SECRET",
      { OS_AUTH_URL: "http://k", OS_APPLICATION_CREDENTIAL_ID: "a" },
    ],
  ])("needs %s", (name, credential) => {
    expect(() => keystone({ credential })).toThrow(`${name} has to be set`);
  });

  test("is asked for as Keystone's reference says", async () => {
    const bodies: unknown[] = [];
    const fetch = async (url: string, init: RequestInit) => {
      bodies.push([url, JSON.parse(String(init.body))]);
      return new Response("{}", { status: 201, headers: { "x-subject-token": "t" } });
    };
    const application = {
      OS_APPLICATION_CREDENTIAL_ID: "i",
      OS_APPLICATION_CREDENTIAL_SECRET: "s",
    };
    const { OS_USER_DOMAIN_ID: _, ...password } = STUB_CREDENTIAL;
    for (const credential of [application, { ...password, OS_USER_DOMAIN_NAME: "Users" }]) {
      const credentials = keystone({ url: "https://k/identity/v3", credential, fetch });
      await clientWith(credentials, () => true).client.call("traits/list", {});
    }
    const url = "https://k/identity/v3/auth/tokens";
    const user = { name: "placement", password: "placement-secret", domain: { name: "Users" } };
    expect(bodies).toEqual([
      [
        url,
        {
          auth: {
            identity: {
              methods: ["application_credential"],
              application_credential: { id: "i", secret: "s" },
            },
          },
        },
      ],
      [
        url,
        {
          auth: {
            identity: { methods: ["password"], password: { user } },
            scope: { project: { name: "service", domain: { id: "default" } } },
          },
        },
      ],
    ]);
  });
});

describe("a bearer token", () => {
  test("is sent as it is given", async () => {
    const { client, sent } = clientWith(bearer("abc"), () => false);
    await expect(client.call("traits/list", {})).rejects.toMatchObject({ status: 401 });
    expect(sent.map(({ headers }) => headers["authorization"])).toEqual(["Bearer abc"]);
  });

  test("of a function is asked for again after 401", async () => {
    let count = 0;
    const { client } = clientWith(
      bearer(async () => `token-${++count}`),
      ({ headers }) => headers["authorization"] === "Bearer token-2",
    );
    expect((await client.call("traits/list", {})).status).toBe(200);
    expect(count).toBe(2);
  });
});
