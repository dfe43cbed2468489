/**
 * Bundles the local server, which then starts in a fraction of a second, and the commands on its
 * data that an installation needs without its sources.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleKeptProgram, root } from "../infra/bundling.mjs";

const PROGRAMS = ["main", "backup", "verify", "dump", "load"];
const dist = join(root, "dist/local");
const started = new Date();

const built = PROGRAMS.map((name) =>
  bundleKeptProgram(`lib/local/${name}.ts`, join(dist, `${name}.mjs`)),
);
// They are written from the last to the first: `start.mjs` looks at the server alone.
const outputFiles = (await Promise.all(built)).flat();

// Two servers may start at once, and neither may load a file while the other writes it.
mkdirSync(dist, { recursive: true });
const folder = mkdtempSync(join(dist, "new-"));
try {
  for (const { path, contents } of outputFiles.toReversed()) {
    const fresh = join(folder, basename(path));
    writeFileSync(fresh, contents);
    // A source that changes during the build must count as newer than the bundle.
    utimesSync(fresh, started, started);
    renameSync(fresh, path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
