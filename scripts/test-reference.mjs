/**
 * Tests the import against a real Placement. Requires Debian's python3-placement, and the program
 * that starts it: `../shared/reference/start`, or the one that PLACEMENT_START names. Without them
 * it says so and exits with status 3. Further arguments are passed to vitest.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runVitest } from "./vitest.mjs";

const MISSING_STATUS = 3;

/**
 * @param {string} message
 * @returns {never}
 */
function missing(message) {
  console.error(message);
  process.exit(MISSING_STATUS);
}

function isInstalled() {
  const find =
    'import importlib.util, sys; sys.exit(importlib.util.find_spec("placement") is None)';
  try {
    execFileSync("/usr/bin/python3", ["-c", find], { stdio: "ignore" });
    return existsSync("/usr/bin/uwsgi");
  } catch {
    return false;
  }
}

const shared = fileURLToPath(new URL("../../shared/", import.meta.url));
const start = process.env.PLACEMENT_START || `${shared}reference/start`;
if (!existsSync(start)) missing(`${start} is missing: name the program in PLACEMENT_START`);
if (!isInstalled()) {
  missing(
    "Placement is missing: apt-get install --no-install-recommends python3-placement uwsgi-plugin-python3",
  );
}
runVitest(["test/reference/"], { PLACEMENT_START: start });
