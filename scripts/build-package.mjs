/**
 * Builds what the npm package contains, before it is packed: the modules that others import,
 * their types, and the code of the functions that the construct deploys.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundleFunctions, bundleModules, root } from "../infra/bundling.mjs";

const dist = join(root, "dist");
const functions = join(dist, "functions");

for (const folder of ["modules", "types", "functions"]) {
  rmSync(join(dist, folder), { recursive: true, force: true });
}

await bundleModules({ index: "infra/index.ts" }, join(dist, "modules"));
await bundleModules(
  {
    index: "lib/client/index.ts",
    keystone: "lib/client/keystone.ts",
    lambda: "lib/client/lambda.ts",
    sigv4: "lib/client/sigv4.ts",
  },
  join(dist, "modules/client"),
);

let bytes = 0;
for (const { path, contents } of bundleFunctions(deployedIds(), functions)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
  bytes += contents.length;
}

const tsc = join(root, "node_modules/typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "--project", "tsconfig.package.json"], {
  cwd: root,
  stdio: "inherit",
});

// On stderr: `npm pack --json` reads stdout.
console.error(`functions: ${(bytes / 1e6).toFixed(1)} MB`);

/** Of every file that exports a handler. */
function deployedIds() {
  return readdirSync(join(root, "functions"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .filter((path) =>
      /^export const handler\b/m.test(readFileSync(join(root, "functions", path), "utf8")),
    )
    .map((path) => path.replaceAll("\\", "/").replace(/\.ts$/, ""))
    .sort();
}
