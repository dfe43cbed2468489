/**
 * Bundles a TypeScript program and runs it in this process:
 *
 *   node scripts/run-program.mjs ENTRY [ARGUMENT...]
 *
 * ENTRY is its path from the root of the project. The program sees its own arguments
 * alone, where it would see them if Node had started it.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleProgram, root } from "../infra/bundling.mjs";

const [node = process.execPath, , entry, ...args] = process.argv;
if (entry === undefined) {
  console.error("run-program: name the program to run, by its path from the project's root");
  process.exit(2);
}
const name = entry.replaceAll("/", "-").replace(/\.ts$/, "");
const outfile = join(root, "dist/programs", `${name}-${process.pid}.mjs`);
await bundleProgram(entry, outfile);
process.on("exit", () => rmSync(outfile, { force: true }));
process.argv = [node, outfile, ...args];
// On Node 20 the SDK would warn that its next releases need a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(outfile).href);
