/**
 * Builds the console and tests it in a real browser: Debian's chromium, or the program that CHROMIUM
 * names. Without one it says so and exits with status 3. CONSOLE_SCREENSHOTS names a folder, into
 * which the tests put pictures of the views. With the
 * program that starts a Keystone, as `npm run test:keystone` has it, they sign in there as well. Further
 * arguments are passed to vitest.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runVitest } from "./vitest.mjs";

const MISSING_STATUS = 3;

const browser = process.env.CHROMIUM || "/usr/bin/chromium";
if (!existsSync(browser)) {
  console.error(`${browser} is missing: apt-get install --no-install-recommends chromium`);
  process.exit(MISSING_STATUS);
}
const keystone =
  process.env.KEYSTONE_START ||
  fileURLToPath(new URL("../../shared/keystone/start", import.meta.url));
await import("./build-console.mjs");
// A vitest filter is a part of a path.
runVitest([".browser.test.ts", "--testTimeout", "60000", "--hookTimeout", "180000"], {
  CHROMIUM: browser,
  KEYSTONE_START: keystone,
});
