/** Starts the local server, bundling it first if a source is newer than the bundle. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "dist/local/main.mjs");
const SOURCES = [
  "lib",
  "functions",
  "package-lock.json",
  "scripts/build.mjs",
  "infra/bundling.mjs",
];

/**
 * @param {string} path
 * @returns milliseconds since 1970; undefined if nothing is there
 */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * When the file, or anything below the folder, last changed.
 * @param {string} path
 * @returns {number} milliseconds since 1970; 0 if nothing is there
 */
function newest(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  // A folder's own time changes when a file in it is removed.
  const inside = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(entry.mtimeMs, ...inside);
}

const built = modified(bundle);
if (built === undefined || SOURCES.some((source) => newest(join(root, source)) > built)) {
  await import("./build.mjs");
}
// On Node 20 the SDK would warn that its next releases need a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(bundle).href);
