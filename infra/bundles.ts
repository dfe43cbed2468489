/**
 * The functions' code: all handlers bundled in one call, each to a folder of its
 * own. Nothing is installed, downloaded or run in a container for it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { projectRoot } from "./project-root.ts";

/** Some packages are CommonJS and call `require`, which a module lacks. */
const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

let bundled: { readonly ids: string; readonly folder: string } | undefined;

/**
 * Bundles `functions/<id>.ts` of each id and gives the folder that holds
 * `<id>/index.mjs`. It lasts as long as the process; the CDK copies from it.
 */
export function bundleFunctions(ids: readonly string[]): string {
  const key = ids.join("\n");
  if (bundled?.ids !== key) bundled = { ids: key, folder: bundle(ids) };
  return bundled.folder;
}

function bundle(ids: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "placement-functions-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    absWorkingDir: projectRoot(),
    entryPoints: ids.map((id) => ({ in: `functions/${id}.ts`, out: `${id}/index` })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
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
  return folder;
}
