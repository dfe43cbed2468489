/** Keystone and issuers over TLS: certificates are verified, by the authorities that `OS_CACERT` names. */
import { afterEach, describe, expect, test } from "vitest";
import { identityService } from "../../lib/local/identity-service.ts";
import { parseOptions } from "../../lib/local/options.ts";
import { fastClock } from "../support/fast-clock.ts";
import { AUDIENCE, startStubIssuer } from "../support/stub-issuer.ts";
import { STUB_CREDENTIAL, startStubKeystone } from "../support/stub-keystone.ts";
import { AUTHORITY, startTls } from "../support/tls.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** As `npm start` with these arguments finds out whose a token is. */
function authenticator(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const options = parseOptions(args, environment);
  if (options === undefined) throw new Error("no options");
  const reasons: unknown[] = [];
  const log = ({ reason }: Readonly<Record<string, unknown>>) => reasons.push(reason);
  const { endpoint } = identityService(options.auth, { clock: fastClock(), log });
  if (endpoint === undefined) throw new Error("no endpoint for tokens");
  return { authenticate: endpoint.authenticate, reasons };
}

async function front(target: string) {
  const tls = await startTls(target);
  closers.push(() => tls.close());
  return tls;
}

describe("Keystone over TLS", () => {
  async function open(host: "localhost" | "127.0.0.1", environment: Record<string, string>) {
    const keystone = await startStubKeystone(() => ({ user: "u-nova", roles: ["service"] }));
    closers.push(() => keystone.close());
    const tls = await front(keystone.url);
    const args = ["--auth", "keystone", "--keystone-url", `${tls.url(host)}/v3`];
    const made = authenticator(args, { ...STUB_CREDENTIAL, ...environment });
    return { ...made, keystone };
  }

  test("is believed under a certificate of an authority in OS_CACERT", async () => {
    const { authenticate } = await open("localhost", { OS_CACERT: AUTHORITY });
    const found = await authenticate({ "x-auth-token": "token" });
    expect(found).toMatchObject({ kind: "keystone", status: "ok", user: "u-nova" });
  });

  test.each([
    ["an authority that nobody named", "localhost", {}, /certificate/],
    ["another name", "127.0.0.1", { OS_CACERT: AUTHORITY }, /IP: 127\.0\.0\.1/],
  ] as const)("is sent nothing under a certificate of %s", async (_, host, environment, words) => {
    const { authenticate, reasons, keystone } = await open(host, environment);
    const found = await authenticate({ "x-auth-token": "token" });
    expect(found).toEqual({ kind: "keystone", status: "unavailable" });
    expect(reasons).toEqual([expect.stringMatching(words)]);
    expect(keystone.counts.size).toBe(0);
  });
});

describe("an issuer over TLS", () => {
  test.each([
    [
      "is believed under a certificate of an authority in OS_CACERT",
      { OS_CACERT: AUTHORITY },
      "ok",
    ],
    ["is not believed under a certificate of another authority", {}, "unavailable"],
  ] as const)("%s", async (_, environment, status) => {
    const issuer = await startStubIssuer(Date.now, async (url) => (await front(url)).url());
    closers.push(() => issuer.close());
    const args = ["--auth", "jwt", "--jwt-issuer", issuer.issuer, "--jwt-audience", AUDIENCE];
    const { authenticate } = authenticator(args, environment);
    const token = await issuer.sign({ sub: "ann", roles: ["reader"] });
    expect(await authenticate({ authorization: `Bearer ${token}` })).toMatchObject({ status });
  });
});
