/** Sign-in: at an issuer with PKCE, and with a real Keystone where there is one. */
import { existsSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../lib/local/ports.ts";
import { type Api, startApi } from "../support/api.ts";
import { Program } from "../support/program.ts";
import { openrc, passwordOf, type RealKeystone, startKeystone } from "../support/real-keystone.ts";
import { AUDIENCE } from "../support/stub-issuer.ts";
import { type BrowserIssuer, CLIENT, startBrowserIssuer } from "./support/browser-issuer.ts";
import { builtConsole, textOf, usePages, violations } from "./support/console.ts";

const pages = usePages();
const SLOW = 480_000;

/** All that the browser keeps of the page. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(
    "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie])",
  );

describe("at an issuer", () => {
  let issuer: BrowserIssuer;
  let api: Api;

  beforeAll(async () => {
    issuer = await startBrowserIssuer({ sub: "alice", project_id: "demo", roles: ["admin"] });
    const claims = { user: "sub", project: "project_id", roles: "roles" };
    const auth = {
      kind: "jwt" as const,
      issuer: issuer.issuer,
      clientId: CLIENT,
      scopes: ["openid", "placement"],
    };
    api = await startApi({
      auth: { kind: "jwt", issuer: issuer.issuer, audience: AUDIENCE, claims, ca: undefined },
      console: builtConsole(auth),
    });
  });

  afterAll(async () => {
    await api?.close();
    await issuer?.close();
  });

  test("one signs in with a code and PKCE, and comes back to the same view", async () => {
    const page = await pages.open(`${api.url}/console/#/consumers`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Consumers", exact: true }).waitFor();
    await page.getByText("No consumer is like that.").waitFor();
    expect(page.url()).toBe(`${api.url}/console/#/consumers`);
    const [asked] = issuer.asked;
    expect(asked?.get("code_challenge_method")).toBe("S256");
    expect(asked?.get("scope")).toBe("openid placement");
    // Neither a token, nor the code, state and verifier remain.
    expect(JSON.parse(await kept(page))).toEqual([{}, {}, page.url(), ""]);
  });

  test("a code that was not asked for here is not redeemed", async () => {
    const page = await pages.open(`${api.url}/console/?code=stolen&state=unknown`);
    await page.getByText("this sign-in was not begun here: begin again").waitFor();
    expect(page.url()).toBe(`${api.url}/console/`);
  });

  test("after signing out one is asked again", async () => {
    const page = await pages.open(`${api.url}/console/`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });
});

const START = process.env["KEYSTONE_START"] ?? "";

describe.skipIf(!existsSync(START))("with a real Keystone", () => {
  let keystone: RealKeystone;
  let server: Program;
  let url: string;

  beforeAll(async () => {
    const port = await freePort("127.0.0.1");
    const origin = `http://127.0.0.1:${port}`;
    keystone = await startKeystone({ placement: origin, corsOrigin: origin });
    const { PATH: _, ...credential } = openrc(keystone.url, "placement", "service");
    const args = ["--memory", "--port", String(port), "--auth", "keystone"];
    server = new Program({
      args: [...args, "--keystone-url", keystone.url],
      environment: credential,
    });
    url = await server.ready();
  }, SLOW);

  afterAll(async () => {
    await server?.stop();
    await keystone?.close();
  }, SLOW);

  async function signIn(password: string): Promise<Page> {
    const page = await pages.open(`${url}/console/`);
    await page.getByLabel("User", { exact: true }).fill("admin");
    await page.getByLabel("Password").fill(password);
    await page.getByLabel("Project", { exact: true }).fill("admin");
    await page.getByRole("button", { name: "Sign in" }).click();
    return page;
  }

  test("a password gives a session, and nothing of it is stored", async () => {
    const page = await signIn(passwordOf("admin"));
    await page.getByText("There are no resource providers yet.").waitFor();
    expect(JSON.parse(await kept(page))).toEqual([{}, {}, page.url(), ""]);
  });

  test("a wrong password says so", async () => {
    const page = await signIn("wrong");
    const problem = page.getByRole("alert");
    await problem.waitFor();
    expect(await textOf(problem)).toContain("Keystone gave no token: it answered 401");
    expect(await violations(page)).toEqual([]);
  });

  test("a token is taken as it is; one that is worth nothing says so", async () => {
    for (const [token, text] of [
      [await keystone.token("admin", "admin"), "There are no resource providers yet."],
      ["gAAAAAB-nothing", "You are not signed in any more"],
    ] as const) {
      const page = await pages.open(`${url}/console/`);
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Use the token" }).click();
      await page.getByText(text).first().waitFor();
    }
  });
});
