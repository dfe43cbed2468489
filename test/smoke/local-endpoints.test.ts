/** `npm run smoke` against the local server with tokens: nothing stands between them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_TOKEN_CACHE_TIME } from "../../lib/authorizer/configuration.ts";
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { smoke } from "../../scripts/smoke/smoke.ts";
import { type Api, startApi } from "../support/api.ts";
import { AUDIENCE, type StubIssuer, startStubIssuer } from "../support/stub-issuer.ts";
import { STUB_CREDENTIAL, type StubKeystone, startStubKeystone } from "../support/stub-keystone.ts";

let keystone: StubKeystone;
let issuer: StubIssuer;
const apis = {} as { keystone: Api; jwt: Api };
/** Roles of the tokens that are issued next. */
let roles = ["admin"];

beforeAll(async () => {
  keystone = await startStubKeystone((token) =>
    token.startsWith("own-") ? { user: "u-own", project: "service", roles } : undefined,
  );
  issuer = await startStubIssuer();
  const ca = undefined;
  apis.keystone = await startApi({
    auth: {
      ...{ kind: "keystone", url: keystone.url, credential: STUB_CREDENTIAL, ca },
      tokenCacheTime: DEFAULT_TOKEN_CACHE_TIME,
    },
    configuration: { keystoneUrl: keystone.url },
  });
  const claims = { user: "sub", project: "project_id", roles: "roles" };
  apis.jwt = await startApi({
    auth: { kind: "jwt", issuer: issuer.issuer, audience: AUDIENCE, claims, ca },
  });
});

afterAll(async () => {
  await Promise.all([apis.keystone.close(), apis.jwt.close()]);
  await Promise.all([keystone.close(), issuer.close()]);
});

async function run(auth: "keystone" | "jwt", environment: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const parts = { clock: platformClock, random: platformRandom, print };
  const status = await smoke(["--url", apis[auth].url, "--auth", auth], environment, parts);
  return { status, failed: lines.filter((line) => line.startsWith("failed")), last: lines.at(-1) };
}

const logIn = () => ({ ...STUB_CREDENTIAL, OS_AUTH_URL: keystone.url });
const bearer = async () => ({
  PLACEMENT_BEARER_TOKEN: await issuer.sign({ sub: "u", project_id: "service", roles }),
});

test.each([
  ["keystone", logIn],
  ["jwt", bearer],
] as const)(
  "the session passes with --auth %s, and fails for a mere reader",
  async (auth, environment) => {
    roles = ["reader"];
    expect((await run(auth, await environment())).status).toBe(1);
    roles = ["admin"];
    expect(await run(auth, await environment())).toEqual({
      status: 0,
      failed: [],
      last: "10 passed, 0 failed",
    });
  },
);
