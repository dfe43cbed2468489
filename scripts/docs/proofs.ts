/** Which tests prove what, by the titles that they carry. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const TESTS = "test";

export interface Proofs {
  /** Test files with an example of the operation under its id. */
  ofOperation(id: string): string[];
  /** Test files with a test whose title begins with the microversion and a colon. */
  ofVersion(version: string): string[];
}

/** @param root of the repository */
export function readProofs(root: string): Proofs {
  const files = readdirSync(join(root, TESTS), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${TESTS}/${name.replaceAll("\\", "/")}`)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  const containing = (words: string) =>
    files.filter(({ text }) => text.includes(words)).map(({ path }) => path);
  return {
    ofOperation: (id) => containing(`"${id}": `),
    ofVersion: (version) => containing(`it("${version}: `),
  };
}
