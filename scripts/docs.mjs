/** Writes the documents that are made from the list of operations. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside the project, so that packages are found from there.
const folder = mkdtempSync(join(root, "node_modules/.docs-"));
try {
  const outfile = join(folder, "generated.mjs");
  await build({
    entryPoints: [join(root, "scripts/docs/generated.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  const { generatedFiles } = await import(pathToFileURL(outfile).href);
  for (const { path, text } of generatedFiles(root)) {
    writeFileSync(join(root, path), text);
    console.log(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
