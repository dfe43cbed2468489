/** The assembly of the app, made with the CDK's own command and kept while no source changes. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { projectRoot } from "../../../../infra/project-root.mjs";
import { type FolderLock, takeLock } from "../../../../lib/local/folder-lock.ts";
import { StartFailure } from "../../../../lib/local/start-failure.ts";
import { ACCOUNT } from "./resolver.ts";

const ROOT = projectRoot();
const CACHE = join(ROOT, ".cache/assemblies");
const SOURCES = ["cdk.json", "functions", "infra", "lib", "package-lock.json"];

/** Milliseconds after which a kept assembly is in nobody's use. */
const OLD = 86_400_000;
/** Milliseconds, and how often, to wait while another process makes an assembly. */
const WAIT = 500;
const WAITS = 600;

/** What the stub Keystone and the stub issuer stand for; where they are is known at the start. */
export const KEYSTONE_URL = "https://keystone.example/v3";
export const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:keystone-AbCdEf`;

/** Roles of the principals that sign; a fourth one, `stranger`, is in no list. */
export const CALLERS = { admin: ["admin"], service: ["service"], reader: ["reader"] } as const;

export interface AssemblySettings {
  readonly corsOrigins?: readonly string[];
  /** Whether the endpoints are REST APIs in place of HTTP APIs. */
  readonly rest?: boolean;
}

/** The settings of the app: all three endpoints. */
function settingsOf({ corsOrigins, rest = false }: AssemblySettings) {
  const callers = Object.entries(CALLERS).map(([name, roles]) => {
    return [`arn:aws:iam::${ACCOUNT}:role/${name}`, roles];
  });
  const shape = rest ? { rest } : {};
  return {
    callers: Object.fromEntries(callers),
    endpoints: [
      { kind: "iam", ...shape },
      { kind: "keystone", url: KEYSTONE_URL, secretArn: SECRET_ARN, ...shape },
      { kind: "jwt", issuer: "https://issuer.example", audience: "placement", ...shape },
    ],
    ...(corsOrigins === undefined ? {} : { corsOrigins }),
  };
}

/** @returns its folder, which must not be changed */
export async function synthesised(given: AssemblySettings = {}): Promise<string> {
  const settings = JSON.stringify(settingsOf(given));
  const state = JSON.stringify([settings, SOURCES.map((source) => stamps(join(ROOT, source)))]);
  const folder = join(CACHE, createHash("sha256").update(state).digest("hex").slice(0, 24));
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const lock = await locked(CACHE);
  try {
    if (!existsSync(folder)) await make(settings, folder);
  } finally {
    await lock.release();
  }
  return folder;
}

async function make(settings: string, folder: string): Promise<void> {
  removeOld();
  const fresh = `${folder}-${process.pid}`;
  const cdk = join(ROOT, "node_modules/aws-cdk/bin/cdk");
  const words = ["synth", "--quiet", "--output", fresh, "--context", `placement=${settings}`];
  try {
    await promisify(execFile)(process.execPath, [cdk, ...words], { cwd: ROOT });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function removeOld(): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true && Date.now() - found.mtimeMs > OLD) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** The app bundles itself into one file: two must not be made at once. */
async function locked(folder: string): Promise<FolderLock> {
  for (let wait = 0; wait < WAITS; wait += 1) {
    try {
      return await takeLock(folder);
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      await sleep(WAIT);
    }
  }
  throw new Error(`another process has been making an assembly in ${folder} for too long`);
}

/** Names, sizes and times of what is there. */
function stamps(path: string): unknown {
  const entry = statSync(path);
  if (!entry.isDirectory()) return [path, entry.size, entry.mtimeMs];
  return readdirSync(path).map((name) => stamps(join(path, name)));
}
