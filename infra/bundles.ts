/**
 * The functions' code: all handlers bundled in one call, each to a folder of its
 * own. Nothing is installed, downloaded or run in a container for it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { bundleFunctions } from "./bundling.mjs";

/** Nothing is written there; paths of the output begin with it. */
const OUTDIR = resolve("/bundles");

type Bundles = ReturnType<typeof bundleFunctions>;

let bundled: { readonly ids: string; readonly files: Bundles } | undefined;

/**
 * Bundles `functions/<id>.ts` of each id, and calls `use` with a folder that holds
 * `<id>/index.mjs`. The folder is gone afterwards: the CDK has copied from it when
 * a function was made.
 */
export function withBundles<T>(ids: readonly string[], use: (folder: string) => T): T {
  const key = ids.join("\n");
  if (bundled?.ids !== key) bundled = { ids: key, files: bundleFunctions(ids, OUTDIR) };
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
