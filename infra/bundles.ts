/**
 * The functions' code: all handlers bundled in one call, each to a folder of its
 * own. Nothing is installed, downloaded or run in a container for it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { buildSync, type OutputFile } from "esbuild";
import { projectRoot } from "./project-root.ts";

/** Some packages are CommonJS and call `require`, which a module lacks. */
const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

/** Nothing is written there; paths of the output begin with it. */
const OUTDIR = resolve("/bundles");

let bundled: { readonly ids: string; readonly files: readonly OutputFile[] } | undefined;

/**
 * Bundles `functions/<id>.ts` of each id, and calls `use` with a folder that holds
 * `<id>/index.mjs`. The folder is gone afterwards: the CDK has copied from it when
 * a function was made.
 */
export function withBundles<T>(ids: readonly string[], use: (folder: string) => T): T {
  const key = ids.join("\n");
  if (bundled?.ids !== key) bundled = { ids: key, files: bundle(ids) };
  const folder = mkdtempSync(join(tmpdir(), "placement-functions-"));
  try {
    for (const { path, contents } of bundled.files) {
      const file = join(folder, relative(OUTDIR, path));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bundle(ids: readonly string[]): OutputFile[] {
  const { outputFiles } = buildSync({
    absWorkingDir: projectRoot(),
    entryPoints: ids.map((id) => ({ in: `functions/${id}.ts`, out: `${id}/index` })),
    outdir: OUTDIR,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    platform: "node",
    // What runs on Lambda runs in the tests too, on any Node that development takes.
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    // Stack traces stay readable for 5 ms of a cold start; source maps would cost far more.
    keepNames: true,
    legalComments: "none",
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  return outputFiles;
}
