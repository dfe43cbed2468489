/**
 * The functions' code: all handlers are bundled in one call, each into its own folder.
 * Nothing is installed or downloaded, and no container runs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { bundleFunctions } from "./bundling.mjs";

/** The prefix of all output paths; nothing is written there. */
const OUTDIR = resolve("/bundles");

type Bundles = ReturnType<typeof bundleFunctions>;

let bundled: { readonly ids: string; readonly files: Bundles } | undefined;

/**
 * Bundles `functions/<id>.ts` for each id and calls `use` with a folder that holds
 * `<id>/index.mjs`. The folder is deleted afterwards: the CDK copies from it while it
 * creates a function.
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
