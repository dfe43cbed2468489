/** Writes the functions' code into the folder from which the installed package deploys it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { PREBUILT, writeBundles } from "../infra/bundles.ts";
import { root } from "../infra/bundling.mjs";

const folder = join(root, PREBUILT);
mkdirSync(dirname(folder), { recursive: true });
const fresh = mkdtempSync(`${folder}-`);
writeBundles(fresh);
rmSync(folder, { recursive: true, force: true });
renameSync(fresh, folder);
