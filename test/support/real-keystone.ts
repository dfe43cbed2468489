/** A Keystone of its own, and the `openstack` client; only `npm run test:keystone` has them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as z from "zod";
import { freePort } from "../../lib/local/ports.ts";
import { HttpClient } from "./http-client.ts";

const ready = z.object({
  auth_url: z.string(),
  pid: z.number(),
  projects: z.record(z.string(), z.string()),
  roles: z.record(z.string(), z.string()),
});

export interface RealKeystone {
  readonly url: string;
  /** Ids by name. */
  readonly projects: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
  /** A token of a user for a project, by their names. */
  token(user: string, project: string): Promise<string>;
  revoke(token: string): Promise<void>;
  pause(): Promise<void>;
  fail(status: number): Promise<void>;
  resume(): Promise<void>;
  /** How often each request was made, such as `GET /v3/auth/tokens`. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface KeystoneOptions {
  /** The URL of the catalogue's entry for Placement. */
  readonly placement: string;
  readonly tokenSeconds?: number;
  /** Of web pages that may ask it for tokens. */
  readonly corsOrigin?: string;
}

const DOMAIN = { id: "default" };

export const passwordOf = (user: string) => `${user}-secret`;

export async function startKeystone(options: KeystoneOptions): Promise<RealKeystone> {
  const port = await freePort("127.0.0.1");
  const program = process.env["KEYSTONE_START"] ?? "";
  const args = ["--port", String(port), "--placement", options.placement];
  const seconds = options.tokenSeconds;
  if (seconds !== undefined) args.push("--token-seconds", String(seconds));
  if (options.corsOrigin !== undefined) args.push("--cors-origin", options.corsOrigin);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const { auth_url: url, projects, roles } = ready.parse(JSON.parse(await firstLine(child)));
  const http = new HttpClient(url);
  const control = async (path: string) => {
    const { body } = await http.send({ method: "POST", path: `/__test/${path}` });
    return body as Record<string, number>;
  };
  return {
    url,
    projects,
    roles,
    token: async (user, project) => {
      const answer = await http.send({
        method: "POST",
        path: "/v3/auth/tokens",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(passwordBody(user, project)),
      });
      const token = answer.headers["x-subject-token"];
      if (typeof token !== "string") throw new Error(`${user} gets no token: ${answer.status}`);
      return token;
    },
    revoke: async (token) => {
      const headers = { "x-auth-token": token, "x-subject-token": token };
      const { status } = await http.send({ method: "DELETE", path: "/v3/auth/tokens", headers });
      if (status !== 204) throw new Error(`the token is not revoked: ${status}`);
    },
    pause: async () => void (await control("pause")),
    fail: async (status) => void (await control(`fail?status=${status}`)),
    resume: async () => void (await control("resume")),
    counts: () => control("counts"),
    close: async () => {
      http.close();
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function passwordBody(user: string, project: string) {
  const password = { user: { name: user, domain: DOMAIN, password: passwordOf(user) } };
  const identity = { methods: ["password"], password };
  return { auth: { identity, scope: { project: { name: project, domain: DOMAIN } } } };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("Keystone has no output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("Keystone ended before it was ready");
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The variables of an openrc file. */
export function openrc(url: string, user: string, project: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    OS_AUTH_URL: url,
    OS_USERNAME: user,
    OS_PASSWORD: passwordOf(user),
    OS_PROJECT_NAME: project,
    OS_USER_DOMAIN_ID: "default",
    OS_PROJECT_DOMAIN_ID: "default",
    OS_PLACEMENT_API_VERSION: "1.39",
    OS_IDENTITY_API_VERSION: "3",
    OS_REGION_NAME: "RegionOne",
  };
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, stdout, stderr };
}
