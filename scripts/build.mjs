/** Bundles the local server, so that it starts in a fraction of a second. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist/local");
const started = new Date();

const { outputFiles } = await build({
  entryPoints: [join(root, "lib/local/main.ts")],
  outfile: join(dist, "main.mjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  mainFields: ["module", "main"],
  minify: true,
  keepNames: true,
  sourcemap: true,
  // Some packages are CommonJS and call `require`, which a module lacks.
  banner: { js: REQUIRE },
  logLevel: "warning",
  write: false,
});

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
