/** Runs vitest as the whole of a script. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Ends this process with vitest's exit status.
 * @param {string[]} suites files or folders
 * @param {Record<string, string>} environment beside our own
 * @param {readonly string[]} [options] of vitest; default: the arguments of the command line
 */
export function runVitest(suites, environment, options = process.argv.slice(2)) {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const tests = spawn(process.execPath, [vitest, "run", ...suites, ...options], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => tests.kill(signal));
  }
  tests.once("close", (status) => process.exit(status ?? 1));
}
