/** The codes of refusals, each with the statuses that it comes with. */
import { exampleOf, refusalsOf } from "../../../lib/api/openapi/refusals.ts";
import type { AnyOperation } from "../../../lib/api/operation.ts";

/** The code of all refusals that have none of their own, whatever their status. */
const UNDEFINED = "placement.undefined_code";

type Codes = readonly (readonly [code: string, statuses: readonly number[]])[];

function codesOf(operations: readonly AnyOperation[]): Codes {
  const statuses = new Map<string, Set<number>>();
  for (const refusalClass of new Set(operations.flatMap(refusalsOf))) {
    const { code, status } = exampleOf(refusalClass);
    statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
  }
  return [...statuses]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, all]) => [code, [...all].sort((a, b) => a - b)]);
}

export function refusalCodesType(operations: readonly AnyOperation[]): string {
  const rows = codesOf(operations).map(([code, statuses]) => {
    const listed = code === UNDEFINED ? "number" : statuses.join(" | ");
    return `  readonly "${code}": ${listed};\n`;
  });
  return `/** The codes of refusals, and the statuses of each. */\nexport interface RefusalCodes {\n${rows.join("")}}\n`;
}

export function refusalCodesList(operations: readonly AnyOperation[]): string {
  const rows = codesOf(operations).map(([code]) => `  "${code}",\n`);
  return `/** The codes of refusals. */\nexport const CODES = [\n${rows.join("")}] as const;\n`;
}
