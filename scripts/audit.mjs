/**
 * Asks the registry for known vulnerabilities in the dependencies. Exit status: 0 if
 * there are none, 1 if there are some, 3 if the registry could not be asked.
 */
import { spawnSync } from "node:child_process";

const NOT_ASKED = 3;

/**
 * What is read of npm's report; a registry that does not answer leaves a message alone.
 * @typedef {object} Report
 * @property {{ vulnerabilities: { total: number } }} [metadata]
 * @property {Record<string, { name: string, severity: string, range: string }>} [vulnerabilities]
 * @property {string} [message]
 */

const asked = spawnSync("npm", ["audit", "--json"], { encoding: "utf8", timeout: 60_000 });

/**
 * @param {string} text
 * @returns {Report} empty if the text is not JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const { metadata, vulnerabilities = {}, message } = parsed(asked.stdout ?? "");
const total = metadata?.vulnerabilities?.total;
if (total === undefined) {
  console.error(
    `audit: the registry did not answer the query for advisories (${message ?? "no answer"})`,
  );
  process.exit(NOT_ASKED);
} else if (total === 0) {
  console.log("audit: no known vulnerabilities");
} else {
  for (const { name, severity, range } of Object.values(vulnerabilities)) {
    console.error(`audit: ${name} ${range}: ${severity}`);
  }
  process.exit(1);
}
