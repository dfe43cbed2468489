/**
 * docs/security.md names only what there is, has a row for everything it is to
 * answer, and no measure whose absence goes unnoticed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MUTATIONS } from "../programs/mutations/list.mjs";
import { ROOT } from "../support/sources.ts";

const text = readFileSync(join(ROOT, "docs/security.md"), "utf8");

const CWES = [707, 691, 703, 664, 284, 435, 682, 693, 697].map((number) => `CWE-${number}`);
const OWASP = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);

interface Row {
  readonly id: string;
  /** Threat, measure, where, tests, breaks. */
  readonly cells: readonly string[];
}

const rows: readonly Row[] = text
  .split("\n")
  .filter((line) => /^\| (CWE-|API)\d+,/.test(line))
  .map((line) => {
    const [first = "", ...cells] = line
      .split(" | ")
      .map((cell) => cell.replace(/^\| |\s*\|$/g, ""));
    return { id: first.split(",")[0] ?? "", cells };
  });

const pathsIn = (cell: string) =>
  [...cell.matchAll(/`([\w./-]+\/[\w.-]+\.ts)`/g)].map(([, path]) => path ?? "");

/** `path` "name of a test" */
const testsIn = (cell: string) =>
  [...cell.matchAll(/`(test\/[\w./-]+)` ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
    ([, path = "", names = ""]) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => ({ path, name })),
  );

test("every weakness and every item has its row", () => {
  expect(rows.map(({ id }) => id)).toEqual([...CWES, ...OWASP]);
});

describe.each(rows)("$id", ({ cells }) => {
  const [threat = "", measure = "", where = "", tests = "", breaks = ""] = cells;

  test("has a threat, a measure, files and tests", () => {
    expect(cells).toHaveLength(5);
    for (const words of [threat, measure]) expect(words.length).toBeGreaterThan(20);
    expect(pathsIn(where)).not.toEqual([]);
    expect(testsIn(tests)).not.toEqual([]);
  });

  test("names files that there are", () => {
    const missing = [...pathsIn(where), ...pathsIn(tests)].filter(
      (path) => !existsSync(join(ROOT, path)),
    );
    expect(missing).toEqual([]);
  });

  test("names tests that there are", () => {
    const missing = testsIn(tests).filter(({ path, name }) => {
      const source = readFileSync(join(ROOT, path), "utf8");
      return !source.includes(`"${name}"`);
    });
    expect(missing).toEqual([]);
  });

  const named = [...breaks.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name);

  test("names breaks of its measure that there are", () => {
    const known = new Set(MUTATIONS.map(({ name }) => name));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(named)("names a test that catches %s", (name) => {
    const caughtIn = MUTATIONS.find((each) => each.name === name)?.tests ?? [];
    const own = testsIn(tests).map(({ path }) => path);
    expect(caughtIn.filter((path) => own.includes(path))).not.toEqual([]);
  });
});
