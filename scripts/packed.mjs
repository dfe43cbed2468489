/** Programs that are distributed in npm packages and that only some tests need. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../infra/project-root.mjs";

const root = projectRoot();

/**
 * Downloads and unpacks an npm package once, without installing it: an installed package
 * would put its `bin` on the path of every npm script.
 * @param {string} name
 * @param {string} version
 * @returns {string} its folder
 * @throws Error if npm cannot get it
 */
export function unpacked(name, version) {
  const cache = join(root, ".cache");
  const home = join(cache, `${name}-${version}`);
  if (existsSync(home)) return home;
  // Unpacked into another folder and renamed, so that an interrupted download leaves no partial package.
  const fresh = join(cache, `fresh-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    execFileSync("npm", ["pack", "--silent", `${name}@${version}`], { cwd: fresh });
    execFileSync("tar", ["-xzf", `${name}-${version}.tgz`], { cwd: fresh });
    renameSync(join(fresh, "package"), home);
  } catch (error) {
    const cause = error instanceof Error ? error.message : error;
    if (!existsSync(home)) throw new Error(`npm cannot get ${name} ${version}: ${cause}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return home;
}
