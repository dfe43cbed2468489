/** `npm run audit` distinguishes no known vulnerabilities from a registry that does not answer; CI installs from the lock file. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../support/sources.ts";

const folder = mkdtempSync(join(tmpdir(), "audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script with an `npm` that prints `answer`. */
function audit(answer: string) {
  writeFileSync(join(folder, "answer"), answer);
  const npm = join(folder, "npm");
  writeFileSync(npm, `#!/bin/sh\ncat "${join(folder, "answer")}"\n`);
  chmodSync(npm, 0o755);
  const path = [folder, process.env["PATH"]].join(delimiter);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "scripts/audit.mjs")],
    { encoding: "utf8", env: { ...process.env, PATH: path } },
  );
  return { status, text: stdout + stderr };
}

test("no known vulnerability ends with status 0", () => {
  const found = audit('{"metadata":{"vulnerabilities":{"total":0}},"vulnerabilities":{}}');
  expect(found).toEqual({ status: 0, text: "audit: no known vulnerabilities\n" });
});

test("a known vulnerability is named, and ends with status 1", () => {
  const found = audit(
    '{"metadata":{"vulnerabilities":{"total":1}},"vulnerabilities":{"left":{"name":"left","severity":"high","range":"<2"}}}',
  );
  expect(found).toEqual({ status: 1, text: "audit: left <2: high\n" });
});

test.each([
  ["an error of the registry", '{"message":"405 Method Not Allowed"}', "405 Method Not Allowed"],
  ["no answer", "", "no answer"],
  ["garbage", "<html>", "no answer"],
])("%s ends with status 3", (_, answer, reason) => {
  const { status, text } = audit(answer);
  expect(status).toBe(3);
  expect(text).toContain(reason);
});

test("CI installs from the lock file alone, and says that an audit was not run", () => {
  const script = readFileSync(join(ROOT, ".ci/run"), "utf8");
  expect(script).toMatch(/\bnpm ci\b/);
  expect(script).not.toMatch(/\bnpm (install|i)\b/);
  expect(script).toContain('3) echo "Audit: not run');
});
