/** An issuer that browsers sign in at: the authorization code flow with PKCE, for a user who agrees at once. */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type StubIssuer, startStubIssuer } from "../../support/stub-issuer.ts";

export const CLIENT = "console";

export interface BrowserIssuer {
  readonly issuer: string;
  /** Of the requests for a code, the parameters. */
  readonly asked: URLSearchParams[];
  close(): Promise<void>;
}

interface Code {
  readonly challenge: string;
  readonly redirect: string;
}

const CORS = { "access-control-allow-origin": "*" };

/** @param claims of the tokens */
export async function startBrowserIssuer(
  claims: Readonly<Record<string, unknown>>,
): Promise<BrowserIssuer> {
  const codes = new Map<string, Code>();
  const asked: URLSearchParams[] = [];
  let stub: StubIssuer | undefined;
  let keys = "";
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", issuer);
    const give = (status: number, document: unknown) => {
      response.writeHead(status, { ...CORS, "content-type": "application/json" });
      response.end(JSON.stringify(document));
    };
    if (pathname === "/.well-known/openid-configuration") {
      return give(200, {
        issuer,
        jwks_uri: `${issuer}/keys`,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
      });
    }
    if (pathname === "/keys") return give(200, await (await fetch(keys)).json());
    if (pathname === "/authorize") {
      asked.push(searchParams);
      const code = randomUUID();
      const redirect = searchParams.get("redirect_uri") ?? "";
      codes.set(code, { challenge: searchParams.get("code_challenge") ?? "", redirect });
      const back = new URL(redirect);
      back.searchParams.set("code", code);
      back.searchParams.set("state", searchParams.get("state") ?? "");
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const form = new URLSearchParams(await textOf(incoming));
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const proof = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (code?.challenge !== proof || code.redirect !== form.get("redirect_uri")) {
      return give(400, { error: "invalid_grant" });
    }
    give(200, { access_token: await stub?.sign({ ...claims }), token_type: "Bearer" });
  };
  const server = createServer((incoming, response) => void answer(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stub = await startStubIssuer(Date.now, (url) => {
    keys = `${url}/keys`;
    return issuer;
  });
  return {
    issuer,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([once(server, "close"), stub?.close()]);
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of incoming) text += part;
  return text;
}
