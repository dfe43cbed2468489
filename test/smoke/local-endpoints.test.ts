/** `npm run smoke` against the local server with tokens: nothing stands between them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { smoke } from "../../scripts/smoke/smoke.ts";
import type { StubIssuer } from "../support/stub-issuer.ts";
import { STUB_CREDENTIAL, type StubKeystone } from "../support/stub-keystone.ts";
import { startTokenApis, type TokenApis } from "../support/token-apis.ts";

let keystone: StubKeystone;
let issuer: StubIssuer;
let apis: TokenApis["apis"];
let servers: TokenApis;
/** Roles of the tokens that are issued next. */
let roles = ["admin"];

beforeAll(async () => {
  servers = await startTokenApis((token) =>
    token.startsWith("own-") ? { user: "u-own", project: "service", roles } : undefined,
  );
  ({ keystone, issuer, apis } = servers);
});
afterAll(() => servers.close());

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
