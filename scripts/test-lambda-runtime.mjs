/**
 * Tests the stack's bundles on the Node.js release that its template names, which is
 * downloaded as an npm package. Further arguments are passed to vitest.
 */
import { lambdaNode } from "./lambda-node.mjs";
import { runVitest } from "./vitest.mjs";

try {
  const program = lambdaNode("nodejs24.x");
  if (program === undefined) {
    throw new Error("it runs on Linux on x64: put Node.js 24 on the path and run npm test");
  }
  runVitest(["test/stack/deployed.test.ts"], { LAMBDA_NODE: program });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
