/** Bundles and runs the CDK app for `cdk.json`: not every supported Node release reads TypeScript. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleModule, root } from "./bundling.mjs";

const outfile = join(root, "dist/infra/app.mjs");

await bundleModule("infra/app.ts", outfile);
// On Node 20 the SDK would warn that its next releases need a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(outfile).href);
