/** Every mutation of `npm run mutate` applies to the source. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MUTATIONS } from "./list.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
test.each(MUTATIONS)("$name can be applied and names its tests", (mutation) => {
  const { file, find, replace, tests } = mutation;
  expect(readFileSync(join(root, file), "utf8").split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
  expect(tests.length).toBeGreaterThan(0);
  for (const path of tests) expect(existsSync(join(root, path)), path).toBe(true);
});
