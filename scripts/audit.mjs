/**
 * Asks the registry for known weaknesses of what is installed. A registry that has no
 * advisories, or none that can be reached, is told and is no failure.
 */
import { spawnSync } from "node:child_process";

const asked = spawnSync("npm", ["audit", "--json"], { encoding: "utf8", timeout: 60_000 });

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
  console.log(`audit: the registry's advisories cannot be asked (${message ?? "no answer"})`);
} else if (total === 0) {
  console.log("audit: no known weaknesses");
} else {
  for (const { name, severity, range } of Object.values(vulnerabilities)) {
    console.error(`audit: ${name} ${range}: ${severity}`);
  }
  process.exit(1);
}
