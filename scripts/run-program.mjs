/** Bundles a TypeScript program and runs it in this process. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param entry path of the program, from the root of the project
 * @param name of the bundle
 */
export async function runProgram(entry, name) {
  const outfile = join(root, "dist/programs", name, `main-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    keepNames: true,
    sourcemap: "inline",
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  process.on("exit", () => rmSync(outfile, { force: true }));
  // The SDK would warn on Node 20 that its next versions want a newer one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  await import(pathToFileURL(outfile).href);
}
