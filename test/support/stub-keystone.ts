/**
 * A server that validates tokens as Keystone does, of users that a test makes up. For
 * what only the real one can show there is `npm run test:keystone`.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StubUser {
  readonly user: string;
  readonly project?: string;
  readonly domain?: string;
  readonly roles?: readonly string[];
  readonly system?: boolean;
  /** Milliseconds since 1970; default: in an hour. */
  readonly expires?: number;
}

/** What a token is worth; undefined: nothing. */
export type WhoseToken = (token: string) => StubUser | undefined;

export interface StubKeystone {
  readonly url: string;
  /** How often each path was asked for. */
  readonly counts: Map<string, number>;
  /** Every answer from now on; undefined: as usual. */
  failing: number | undefined;
  /** Requests wait until it is over. */
  pause(): void;
  resume(): void;
  /** Milliseconds that our own tokens live from now on. */
  ownLife: number;
  /** Our own tokens are worth nothing any more. */
  revokeOwn(): void;
  close(): Promise<void>;
}

export const STUB_CREDENTIAL = {
  OS_USERNAME: "placement",
  OS_PASSWORD: "placement-secret",
  OS_PROJECT_NAME: "service",
  OS_USER_DOMAIN_ID: "default",
  OS_PROJECT_DOMAIN_ID: "default",
};

const HOUR = 3_600_000;
const OWN_USER = { user: "placement", project: "service" };

export async function startStubKeystone(
  whose: WhoseToken,
  now: () => number = Date.now,
): Promise<StubKeystone> {
  const own = new Set<string>();
  let issued = 0;
  let paused: Promise<void> | undefined;
  let resume = () => {};
  const server: Server = createServer(async (request, response) => {
    const path = `${request.method} ${(request.url ?? "").split("?")[0]}`;
    stub.counts.set(path, (stub.counts.get(path) ?? 0) + 1);
    await paused;
    const body = await textOf(request);
    if (stub.failing !== undefined) return send(response, stub.failing, "out of order");
    if (path === "POST /v3/auth/tokens") {
      if (!body.includes(JSON.stringify(STUB_CREDENTIAL.OS_PASSWORD)))
        return send(response, 401, {});
      issued += 1;
      const token = `own-${issued}`;
      own.add(token);
      response.setHeader("x-subject-token", token);
      return send(response, 201, {
        token: tokenOf({ ...OWN_USER, expires: now() + stub.ownLife }),
      });
    }
    if (path !== "GET /v3/auth/tokens") return send(response, 404, {});
    if (!own.has(String(request.headers["x-auth-token"]))) return send(response, 401, {});
    const found = whose(String(request.headers["x-subject-token"]));
    return found === undefined
      ? send(response, 404, {})
      : send(response, 200, { token: tokenOf(found) });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stub: StubKeystone = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`,
    counts: new Map(),
    failing: undefined,
    ownLife: HOUR,
    pause: () => {
      paused = new Promise((resolve) => {
        resume = resolve;
      });
    },
    resume: () => resume(),
    revokeOwn: () => own.clear(),
    close: async () => {
      resume();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stub;
}

function tokenOf({ user, project, domain, roles = [], system = false, expires }: StubUser) {
  return {
    methods: ["password"],
    user: { id: user, name: user, domain: { id: "default", name: "Default" } },
    roles: roles.map((name) => ({ id: name, name })),
    expires_at: new Date(expires ?? Date.now() + HOUR).toISOString().replace("Z", "000Z"),
    ...(project === undefined ? {} : { project: { id: project, name: project } }),
    ...(domain === undefined ? {} : { domain: { id: domain, name: domain } }),
    ...(system ? { system: { all: true } } : {}),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
