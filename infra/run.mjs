/** The CDK app, as `cdk.json` runs it: bundled first, for Node releases that do not read TypeScript. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = join(root, "dist/infra/app.mjs");

await build({
  absWorkingDir: root,
  entryPoints: ["infra/app.ts"],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
// The SDK would warn on Node 20 that its next versions want a newer one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(outfile).href);
