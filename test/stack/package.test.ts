/** The construct outside of this repository: where it finds itself, and the functions' code. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { BUNDLE_IDS, PREBUILT, withBundles } from "../../infra/bundles.ts";
import { root } from "../../infra/bundling.mjs";
import { projectRoot } from "../../infra/project-root.mjs";

const work = mkdtempSync(join(tmpdir(), "placement-package-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(work, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return dirname(file);
}

const NAMED = '{"name": "serverless-placement"}';
const app = write("app/package.json", '{"name": "app"}');
const installed = write("app/node_modules/serverless-placement/package.json", NAMED);
for (const id of BUNDLE_IDS) {
  write(`app/node_modules/serverless-placement/${PREBUILT}/${id}/index.mjs`, `// ${id}`);
}

it("is found from itself, and from an app that bundles it, but not from the app's folder", () => {
  expect(projectRoot()).toBe(root);
  expect(projectRoot(join(installed, "dist/infra"))).toBe(installed);
  const bundled = write("app/dist/deep/app.mjs", "");
  expect(projectRoot(bundled)).toBe(installed);
  expect(app).not.toBe(installed);
  const elsewhere = write("other/package.json", '{"name": "other"}');
  expect(() => projectRoot(elsewhere)).toThrow("serverless-placement");
});

it("deploys the code that the package contains, where there are no sources", () => {
  const folders = withBundles((folder) => {
    for (const id of BUNDLE_IDS) {
      expect(readFileSync(join(folder, id, "index.mjs"), "utf8")).toBe(`// ${id}`);
    }
    return { folder, entries: readdirSync(folder) };
  }, installed);
  expect(folders.entries).toContain("authorizers");
  expect(existsSync(folders.folder)).toBe(false);
});

it("says which code is missing, and prefers sources to code that may be older", () => {
  expect(() => withBundles(() => undefined, app)).toThrow("has no code of root/show");
  write(`checkout/${PREBUILT}/root/show/index.mjs`, "// older");
  const checkout = join(work, "checkout");
  write("checkout/functions/index.ts", "");
  let bundled = "";
  const used = withBundles(
    (folder) => folder,
    checkout,
    (folder) => {
      bundled = folder;
    },
  );
  expect(bundled).toBe(used);
});
