import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RELEASE } from "../../lib/model/release.ts";

test("the release that the service tells is the package's", () => {
  const file = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8"));
  expect(RELEASE).toBe(version);
});
