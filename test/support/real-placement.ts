/** A real Placement of its own, without tokens; only `npm run test:reference` has one. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../../lib/local/ports.ts";
import type { RequestOptions } from "./api.ts";
import { type HttpAnswer, HttpClient } from "./http-client.ts";

export interface RealPlacement {
  readonly url: string;
  request(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** On SQLite, which takes one writer at a time. */
export async function startPlacement(): Promise<RealPlacement> {
  const port = await freePort("127.0.0.1");
  const folder = mkdtempSync(join(tmpdir(), "placement-"));
  const environment = { PORT: String(port), PEER_DB: "sqlite", PEER_RUN: folder };
  const child = spawn(process.env["PLACEMENT_START"] ?? "", [], {
    env: { ...process.env, ...environment, PEER_LOG: "WARNING" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await untilReady(child);
  const url = `http://127.0.0.1:${port}`;
  const http = new HttpClient(url);
  return {
    url,
    request: (method, path, { version = "1.39", body } = {}) => {
      const headers = {
        "x-auth-token": "admin",
        "openstack-api-version": `placement ${version}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return http.send({ method, path, headers, ...sent });
    },
    close: async () => {
      http.close();
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true });
    },
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error("Placement has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "ready") return;
  }
  throw new Error("Placement ended before it was ready");
}
