/** The console as it is served: its files with their headers, its configuration, and the API at the same origin. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type Auth =
  | { readonly kind: "none" }
  | { readonly kind: "keystone"; readonly url: string }
  | {
      readonly kind: "jwt";
      readonly issuer: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
    };

export interface Site {
  /** Of the console. */
  readonly url: string;
  /** Answers requests of the API in its place, until it is undefined again. */
  fault: ((target: string, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

const dist = fileURLToPath(new URL("../../../dist/console/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

function headers(auth: Auth): Record<string, string> {
  const others = auth.kind === "keystone" ? auth.url : auth.kind === "jwt" ? auth.issuer : "";
  const origin = others === "" ? "" : ` ${new URL(others).origin}`;
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self'${origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

/** @param api its URL; requests keep their `Host`, so that their origin is the server's own */
export async function serveConsole(
  api: string,
  auth: Auth = { kind: "none" },
  port = 0,
): Promise<Site> {
  const server = createServer((incoming, response) => {
    const target = incoming.url ?? "/";
    const path = new URL(target, "http://console").pathname;
    if (!path.startsWith("/console/")) {
      if (site.fault?.(target, response)) return;
      forward(api, incoming, response);
      return;
    }
    const name = path.slice("/console/".length) || "index.html";
    if (name === "config.json") {
      response.writeHead(200, { "content-type": "application/json", ...headers(auth) });
      response.end(JSON.stringify({ api: "/", auth, dashboard: null }));
      return;
    }
    const file = join(dist, name);
    if (name.includes("/") || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "", ...headers(auth) });
    response.end(readFileSync(file));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/console/`,
    fault: undefined,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return site;
}

function forward(api: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers: given } = incoming;
  const onward = request(
    new URL(incoming.url ?? "/", api),
    { method, headers: given },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
