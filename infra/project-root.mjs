import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAME = "serverless-placement";

/**
 * The folder of this project: its checkout, or the package where it is installed. It is found
 * from the source, from a bundle of it below that folder, and from a bundle of another app
 * that contains this code, since the name in package.json has to be this project's.
 * @param {string} [start] folder from which the search begins
 * @returns {string}
 */
export function projectRoot(start = dirname(fileURLToPath(import.meta.url))) {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isRoot(folder)) return folder;
    if (dirname(folder) === folder) return installedRoot(start);
  }
}

/** @param {string} folder */
function isRoot(folder) {
  const file = join(folder, "package.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === NAME;
}

/**
 * Where Node finds the package for a module in `start`.
 * @param {string} start
 * @returns {string}
 */
function installedRoot(start) {
  const paths = createRequire(join(start, "index.js")).resolve.paths(NAME) ?? [];
  const found = paths.map((path) => join(path, NAME)).find(isRoot);
  if (found === undefined) throw new Error(`no package ${NAME} is installed for ${start}`);
  return found;
}
