/** `npm run smoke` with each kind of credentials, and against servers that fail. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemRandom } from "../../lib/api/system-random.ts";
import { type Fetch, platformFetch } from "../../lib/client/platform.ts";
import { smoke } from "../../scripts/smoke/smoke.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";

const api = useApi();
let stub: StubKeystone;

beforeAll(async () => {
  stub = await startStubKeystone(() => undefined);
});
afterAll(() => stub.close());

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  fetch: Fetch = platformFetch,
) {
  const lines: string[] = [];
  const parts = {
    clock: fastClock(),
    random: systemRandom,
    print: (line: string) => lines.push(line),
    fetch,
  };
  const status = await smoke(args, environment, parts);
  return { status, lines, last: lines.at(-1) };
}

const AWS = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret" };

/** The local server behind a gateway that takes only requests with a header of that form. */
function behind(name: string, form: RegExp): Fetch {
  return (url, init) => {
    const headers = new Headers(init.headers);
    if (!form.test(headers.get(name) ?? ""))
      return Promise.resolve(new Response("", { status: 401 }));
    headers.set("x-auth-token", "admin");
    return platformFetch(url, { ...init, headers });
  };
}

describe("the session passes and leaves nothing behind", () => {
  test.each([
    ["noauth", { PLACEMENT_TOKEN: "admin" }, "x-auth-token", /^admin$/],
    [
      "iam",
      AWS,
      "authorization",
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/execute-api\//,
    ],
    ["keystone", STUB_CREDENTIAL, "x-auth-token", /^own-\d+$/],
    ["jwt", { PLACEMENT_BEARER_TOKEN: "ey.a.b" }, "authorization", /^Bearer ey\.a\.b$/],
  ])("with --auth %s", async (auth, given, header, form) => {
    const before = await api.items();
    const environment = { ...given, OS_AUTH_URL: stub.url };
    const result = await run(["--url", api.url, "--auth", auth], environment, behind(header, form));
    expect(result.lines.filter((line) => line.startsWith("failed"))).toEqual([]);
    expect([result.status, result.last]).toEqual([0, "10 passed, 0 failed"]);
    const kinds = (items: readonly { readonly pk: string }[]) =>
      items.filter(({ pk }) => /^(?:SHARD|CONSUMER|NAME)#/.test(pk)).length;
    expect(kinds(await api.items())).toBe(kinds(before));
  });
});

describe("a step that fails", () => {
  test("ends the session, is counted, and what was made is removed", async () => {
    const broken: Fetch = (url, init) =>
      url.endsWith("/usages")
        ? Promise.resolve(
            Response.json({ errors: [{ status: 400, detail: "no" }] }, { status: 400 }),
          )
        : platformFetch(url, init);
    const result = await run(["--url", api.url], {}, broken);
    expect([result.status, result.last]).toEqual([1, "8 passed, 1 failed"]);
    expect(result.lines.filter((line) => line.startsWith("failed"))).toEqual([
      "failed  Its usages show the claim: 400 placement.undefined_code: no",
    ]);
    const { body } = await api.request("GET", "/resource_providers");
    expect(body.resource_providers).toEqual([]);
  });

  test("may be the first of all", async () => {
    const result = await run(["--url", api.url], {}, async () => {
      throw new TypeError("fetch failed");
    });
    expect([result.status, result.last]).toEqual([1, "0 passed, 3 failed"]);
  });
});

test("--help says which variables each kind of credentials takes", async () => {
  const { status, last } = await run(["--help"]);
  expect(status).toBe(0);
  for (const name of ["PLACEMENT_TOKEN", "AWS_REGION", "OS_AUTH_URL", "PLACEMENT_BEARER_TOKEN"]) {
    expect(last).toContain(name);
  }
});

test.each([
  [[], {}, "--url needs"],
  [["--url", "nothing"], {}, "--url needs"],
  [["--url", "http://a", "--auth", "magic"], {}, "not magic"],
  [["--url", "http://a", "--auth", "iam"], {}, "AWS_REGION has to be set"],
  [["--url", "http://a", "--auth", "keystone"], {}, "OS_AUTH_URL has to be set"],
  [["--url", "http://a", "--auth", "jwt"], {}, "PLACEMENT_BEARER_TOKEN has to be set"],
  [["--colour"], {}, "--colour"],
])("options %j are refused with a word", async (args, environment, words) => {
  const result = await run(args, environment);
  expect(result.status).toBe(2);
  expect(result.lines.join("\n")).toContain(words);
});
