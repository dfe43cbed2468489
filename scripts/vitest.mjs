/** Runs vitest for a script that does nothing else. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs vitest and ends this process with its exit status.
 * @param {string[]} suites files or folders
 * @param {Record<string, string>} environment added to this process's own
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
