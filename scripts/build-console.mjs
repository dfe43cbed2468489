/** Builds the console: what a browser loads, in `dist/console`. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleConsole, root } from "../infra/bundling.mjs";

const source = join(root, "console");
const dist = join(root, "dist/console");

const files = new Map(
  (await bundleConsole(dist)).map(({ path, contents }) => [basename(path), contents]),
);

/**
 * The page, with the names that the files have in this build.
 * @param {string} text
 */
function withNames(text) {
  return text.replace(/app\.(js|css)/g, (_, kind) => {
    const name = [...files.keys()].find(
      (each) => each.startsWith("app-") && each.endsWith(`.${kind}`),
    );
    if (name === undefined) throw new Error(`the build has no ${kind}`);
    return name;
  });
}

mkdirSync(dist, { recursive: true });
for (const [name, contents] of files) writeFileSync(join(dist, name), contents);
writeFileSync(join(dist, "icon.svg"), readFileSync(join(source, "icon.svg")));
// Last: until then the page of the build before finds its own files.
writeFileSync(
  join(dist, "index.html"),
  withNames(readFileSync(join(source, "index.html"), "utf8")),
);
const kept = [...files.keys(), "icon.svg", "index.html"];
for (const name of readdirSync(dist)) {
  if (!kept.includes(name)) rmSync(join(dist, name), { recursive: true });
}
