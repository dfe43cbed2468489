/** No regular expression of the product takes more than linear time, whatever it is given. */
import { analyse } from "scslre";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { type Source, sourcesIn } from "../support/sources.ts";

const SOURCES = sourcesIn("lib", "functions");
const KINDS = { Move: true, Self: true, Trade: true };

/** Every regular expression that stands in a source as a literal. */
function regexesIn({ text }: Source): RegExp[] {
  const found: RegExp[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex !== undefined) found.push(new RegExp(regex.pattern, regex.flags));
    for (const part of Object.values(node)) visit(part);
  };
  visit(parseAst(text, { lang: "ts" }));
  return found;
}

const found = SOURCES.flatMap((source) =>
  regexesIn(source).map((regex) => ({ path: source.path, regex })),
);

test("all are literals, so that they can be looked at", () => {
  expect(found.length).toBeGreaterThan(20);
  const made = SOURCES.filter(({ text }) => /\bnew RegExp\b|[^.\w]RegExp\(/.test(text));
  expect(made.map(({ path }) => path)).toEqual([]);
});

test("one that is slow is told", () => {
  expect(analyse(/^(a+)+$/, { reportTypes: KINDS }).reports).not.toEqual([]);
  expect(analyse(/\s+$/, { reportTypes: KINDS }).reports).not.toEqual([]);
});

describe.each(found)("$path", ({ regex }) => {
  test(String(regex), () => {
    const { reports } = analyse(regex, { reportTypes: KINDS });
    expect(reports.map(({ type, character }) => `${type} at ${character.literal.source}`)).toEqual(
      [],
    );
  });
});
