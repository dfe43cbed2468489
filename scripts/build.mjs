/** Bundles the local server, so that it starts in a fraction of a second. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleKeptProgram, root } from "../infra/bundling.mjs";

const dist = join(root, "dist/local");
const started = new Date();

const outputFiles = await bundleKeptProgram("lib/local/main.ts", join(dist, "main.mjs"));

// Two servers may start at once: neither may load a file that the other is writing.
mkdirSync(dist, { recursive: true });
const folder = mkdtempSync(join(dist, "new-"));
try {
  for (const { path, contents } of outputFiles.toReversed()) {
    const fresh = join(folder, basename(path));
    writeFileSync(fresh, contents);
    // A source that changes while it is bundled has to count as newer.
    utimesSync(fresh, started, started);
    renameSync(fresh, path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
