/**
 * What the client knows of the operations, generated from their definitions: a table of
 * routes, which is all that exists at run time, and types by microversion.
 */
import { jsonSchema } from "../../../lib/api/openapi/schemas.ts";
import { type AnyOperation, type ByVersion, methodOf, pathOf } from "../../../lib/api/operation.ts";
import { MAX_MINOR, versionText } from "../../../lib/model/microversion.ts";
import { queryType } from "./query-type.ts";
import { refusalCodesList, refusalCodesType } from "./refusal-codes.ts";
import { typeOf } from "./type-of.ts";

const HEAD = "// Generated from functions/index.ts by `npm run docs`. Do not edit.\n";

/** `lib/client/generated/routes.ts` */
export function clientRoutes(operations: readonly AnyOperation[]): string {
  const rows = operations.map((each) => {
    const method = methodOf(each);
    const reads = each.reads === true ? ", reads: true" : "";
    return `  "${each.id}": { method: "${method}", path: "${pathOf(each)}"${reads} },\n`;
  });
  const routes = `/** Method and path of each operation, by its id. */\nexport const ROUTES = {\n${rows.join("")}} as const;\n`;
  return [HEAD, routes, refusalCodesList(operations)].join("\n");
}

/** `lib/client/generated/operations.ts` */
export function clientTypes(operations: readonly AnyOperation[]): string {
  const versions = Array.from({ length: MAX_MINOR + 1 }, (_, value) => versionText(value));
  const upTo = versions.map((version, index) => {
    const before = index === 0 ? "" : `UpTo["${versions[index - 1]}"] | `;
    return `  readonly "${version}": ${before}"${version}";\n`;
  });
  return [
    HEAD,
    `/** Every microversion that is served. */\nexport type Version =\n${versions.map((each) => `  | "${each}"`).join("\n")};\n`,
    `/** The microversions up to each. */\nexport interface UpTo {\n${upTo.join("")}}\n`,
    "/** An object without members. */\nexport type Nothing = Readonly<Record<string, never>>;\n",
    "/** The value of a query parameter; a list repeats the parameter. */\nexport type QueryValue = string | readonly string[];\n",
    refusalCodesType(operations),
    "/**\n * Each operation: its path parameters, and by the microversion from which on each applies its\n * query, its body and its answers by status.\n */",
    `export interface Operations {\n${operations.map(operationType).join("")}}\n`,
  ].join("\n");
}

function operationType(operation: AnyOperation): string {
  const { id, summary, since, body, query, answers = {} } = operation;
  const names = [...pathOf(operation).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const path = names.map((name) => `readonly ${name}: string`).join("; ");
  const byStatus = Object.entries(answers).map(([from, each]) => {
    const statuses = Object.entries(each).map(
      ([status, schema]) =>
        `readonly ${status}: ${schema ? typeOf(jsonSchema(schema)) : "undefined"}`,
    );
    return `      readonly "${from}": { ${statuses.join("; ")} };\n`;
  });
  return [
    `  /** ${summary}. Since ${since}. */\n`,
    `  readonly "${id}": {\n`,
    `    readonly path: ${path === "" ? "unknown" : `{ ${path} }`};\n`,
    `    readonly query: ${versioned(since, query, (schema) => queryType(jsonSchema(schema)), "unknown")};\n`,
    `    readonly body: ${versioned(since, body, (schema) => typeOf(jsonSchema(schema)), "undefined")};\n`,
    `    readonly answers: {\n${byStatus.join("")}    };\n`,
    "  };\n",
  ].join("");
}

type Schema = NonNullable<ByVersion[keyof ByVersion]>;

function versioned(
  since: string,
  schemas: ByVersion | undefined,
  typed: (schema: Schema) => string,
  none: string,
): string {
  const entries = Object.entries(schemas ?? { [since]: null });
  const rows = entries.map(
    ([from, schema]) => `      readonly "${from}": ${schema === null ? none : typed(schema)};\n`,
  );
  // An operation whose first versions read no body.
  const first = entries.some(([from]) => from === since || from === "1.0");
  const before = first ? "" : `      readonly "${since}": ${none};\n`;
  return `{\n${before}${rows.join("")}    }`;
}
