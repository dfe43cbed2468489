/** The tests that mutations name: a mutation whose tests have other titles now would run none of them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {import("./list.mjs").Mutation} Mutation */
/** @typedef {{ readonly name: string, readonly file: string }} Listed */

const TIMEOUT = 300_000;

/**
 * @param {string} root of the checkout
 * @param {readonly Mutation[]} mutations
 * @returns those that run no test at all
 */
export function withoutTests(root, mutations) {
  // Without a title all tests of its files are run.
  const named = mutations.filter(({ only }) => only !== undefined);
  const listed = listedIn(root, [...new Set(named.flatMap(({ tests }) => tests))]);
  return named.filter(({ tests, only = "" }) => {
    const title = new RegExp(only);
    return !listed.some(
      ({ name, file }) =>
        tests.some((path) => file === join(root, path)) && title.test(name.replaceAll(" > ", " ")),
    );
  });
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Listed[]} every test of the files, with the titles of its blocks before its own
 */
function listedIn(root, files) {
  const folder = mkdtempSync(join(tmpdir(), "titles-"));
  try {
    const path = join(folder, "tests.json");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    execFileSync(process.execPath, [vitest, "list", ...files, `--json=${path}`], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      timeout: TIMEOUT,
    });
    return JSON.parse(readFileSync(path, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
