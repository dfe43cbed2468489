/**
 * Bundles and runs a CDK app: that of `cdk.json`, or the one whose path is given. Not every
 * supported Node release reads TypeScript.
 */
import { basename, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleModule, root } from "./bundling.mjs";

const entry = relative(root, resolve(process.argv[2] ?? join(root, "infra/app.ts")));
const outfile = join(root, "dist/infra", `${basename(entry, ".ts")}.mjs`);

await bundleModule(entry, outfile);
// On Node 20 the SDK would warn that its next releases need a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
await import(pathToFileURL(outfile).href);
