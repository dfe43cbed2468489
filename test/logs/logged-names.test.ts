/** Names in the log are all there, and no line of it is longer than CloudWatch takes. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ChangedNames, MAX_CHANGED } from "../../lib/api/changed-names.ts";
import { consoleLog } from "../../lib/api/console-log.ts";
import { linesOf, MAX_LOGGED, MAX_NAMES_BYTES } from "../../lib/api/logged-names.ts";
import { printedBy } from "../support/printed.ts";

/** Bytes of an event of CloudWatch Logs. */
const MAX_EVENT = 262_144;

function bytesPrinted(entry: Readonly<Record<string, unknown>>): number {
  const lines = printedBy(() => consoleLog(entry));
  expect(lines).toHaveLength(1);
  return Buffer.byteLength(lines[0] ?? "");
}

describe("names in lines", () => {
  test.each([
    ["uuids", () => randomUUID() as string],
    ["escapes", () => `${randomUUID()}${"\u0001\u0085\u2028\ud800".repeat(100)}`],
    ["quotes", () => `${randomUUID()}${'"\\'.repeat(100)}`],
    ["wide letters", () => `${randomUUID()}${"\u{1f600}ж漢".repeat(60)}`],
  ])("of %s are all named, and no line is too long", (_, make) => {
    const names = Array.from({ length: 12_000 }, make);
    const lines = linesOf(names);
    expect(lines.flat()).toEqual(names.map((name) => name.slice(0, MAX_LOGGED)));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line.length).toBeGreaterThan(0);
      expect(bytesPrinted({ line })).toBeLessThan(MAX_NAMES_BYTES + 100);
      expect(bytesPrinted({ line })).toBeLessThan(MAX_EVENT);
    }
  });

  test("of more than 5,000 uuids fit into one", () => {
    expect(linesOf(Array.from({ length: 5_000 }, () => randomUUID()))).toHaveLength(1);
    expect(linesOf([])).toEqual([]);
  });
});

test("what a task changed is kept once, and not without bounds", () => {
  const changed = new ChangedNames();
  expect(changed.lines()).toEqual([[]]);
  changed.add("a", "b");
  changed.add("a");
  expect([changed.count, changed.lines()]).toEqual([2, [["a", "b"]]]);
  for (let count = 0; count < MAX_CHANGED; count += 1) changed.add(`name-${count}`);
  expect(changed.count).toBe(MAX_CHANGED + 2);
  expect(changed.lines().flat()).toHaveLength(MAX_CHANGED);
});
