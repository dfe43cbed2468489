/** `npm run docs`: writes the files that are generated from the source. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./generated.ts";

// npm runs its scripts in the root of the project.
const root = process.cwd();
for (const { path, text } of generatedFiles(root)) {
  writeFileSync(join(root, path), text);
  console.log(path);
}
