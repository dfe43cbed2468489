/**
 * Runs the tests against a real Keystone, with the real `openstack` client. Requires Debian's
 * python3-keystone, python3-openstackclient and python3-osc-placement, and the program that
 * starts Keystone: `../shared/keystone/start`, or the one that KEYSTONE_START names. Without
 * them it says so and exits with status 3. Further arguments are passed to vitest.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runVitest } from "./vitest.mjs";

const MISSING_STATUS = 3;

/** The modules of each Debian package, for the system's own Python. */
const PACKAGES = {
  "python3-keystone": "keystone",
  "python3-openstackclient": "openstackclient",
  "python3-osc-placement": "osc_placement",
};

/**
 * @param {string} message
 * @returns {never}
 */
function missing(message) {
  console.error(message);
  process.exit(MISSING_STATUS);
}

/** @param {string} module of Python */
function isInstalled(module) {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  try {
    execFileSync("/usr/bin/python3", ["-c", find], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const shared = fileURLToPath(new URL("../../shared/", import.meta.url));
const start = process.env.KEYSTONE_START || `${shared}keystone/start`;
if (!existsSync(start)) missing(`${start} is missing: name the program in KEYSTONE_START`);
for (const [name, module] of Object.entries(PACKAGES)) {
  if (!isInstalled(module)) {
    missing(`${name} is missing: apt-get install --no-install-recommends ${name}`);
  }
}
runVitest(["test/keystone/", "--testTimeout", "180000", "--hookTimeout", "180000"], {
  KEYSTONE_START: start,
  OPENSTACK_JOURNEY: process.env.OPENSTACK_JOURNEY || `${shared}client/journey`,
});
