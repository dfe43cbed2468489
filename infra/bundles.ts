/**
 * The functions' code: each function's bundle in its own folder. A checkout bundles all of
 * them in one call; the installed package contains them. Nothing is installed or downloaded,
 * and no container runs.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { refuseUnrouted } from "../functions/fallback/refuse.ts";
import { operations, tasks } from "../functions/index.ts";
import { bundleFunctions, root } from "./bundling.mjs";

/** The prefix of all output paths; nothing is written there. */
const OUTDIR = resolve("/bundles");

/** The ids of the authorizers' bundles by the kinds of their endpoints. */
export const AUTHORIZER_IDS = {
  keystone: "authorizers/keystone",
  jwt: "authorizers/jwt",
} as const;

/** All bundles, whether a stack deploys them or not. */
export const BUNDLE_IDS: readonly string[] = [
  ...[...operations, refuseUnrouted, ...tasks].map(({ id }) => id),
  ...Object.values(AUTHORIZER_IDS),
];

/** Where the package has its bundles: `<id>/index.mjs` below the root. */
export const PREBUILT = "dist/functions";

type Bundles = ReturnType<typeof bundleFunctions>;

let bundled: Bundles | undefined;

/**
 * Calls `use` with a folder that holds `<id>/index.mjs` for each function. The folder is
 * deleted afterwards: the CDK copies from it while it creates a function.
 *
 * @param folder of the project. Its sources are bundled if they are there: bundles beside
 *   them could be older.
 * @param bundle writes the bundles of the sources into a folder
 */
export function withBundles<T>(
  use: (folder: string) => T,
  folder: string = root,
  bundle: (folder: string) => void = writeBundles,
): T {
  const copy = mkdtempSync(join(tmpdir(), "placement-functions-"));
  try {
    if (existsSync(join(folder, "functions/index.ts"))) bundle(copy);
    else cpSync(prebuiltIn(folder), copy, { recursive: true });
    return use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Bundles all functions into `<folder>/<id>/index.mjs`, once for each process. */
export function writeBundles(folder: string): void {
  bundled ??= bundleFunctions(BUNDLE_IDS, OUTDIR);
  for (const { path, contents } of bundled) {
    const file = join(folder, relative(OUTDIR, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}

function prebuiltIn(folder: string): string {
  const prebuilt = join(folder, PREBUILT);
  const missing = BUNDLE_IDS.filter((id) => !existsSync(join(prebuilt, id, "index.mjs")));
  if (missing.length > 0) throw new Error(`${prebuilt} has no code of ${missing.join(", ")}`);
  return prebuilt;
}
