/** A folder as the build of the console leaves it, made by hand. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export const SCRIPT = "app-ABCD1234.js";
export const STYLE = "app-EFGH5678.css";

export const BUILT: Readonly<Record<string, string>> = {
  "index.html": `<!doctype html><script type="module" src="./${SCRIPT}"></script>`,
  [SCRIPT]: "console.log('hello');",
  [`${SCRIPT}.map`]: "{}",
  [STYLE]: "main { display: grid; }",
  "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
  ".secret.js": "nobody's",
  "notes.txt": "nobody's",
};

/** @returns its path; it is removed after the tests of the file */
export function makeConsole(files: Readonly<Record<string, string>> = BUILT): string {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
