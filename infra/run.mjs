/** The CDK app, as `cdk.json` runs it: bundled first, for Node releases that do not read TypeScript. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleModule, root } from "./bundling.mjs";

const outfile = join(root, "dist/infra/app.mjs");

await bundleModule("infra/app.ts", outfile);
// The SDK would warn on Node 20 that its next versions want a newer one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(outfile).href);
