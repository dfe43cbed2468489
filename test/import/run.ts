/** Runs an import in this process, and keeps what it says. */
import { platformClock, platformRandom } from "../../lib/client/platform.ts";
import { importProgram, type ProgramParts } from "../../scripts/import/program.ts";
import type { Api } from "../support/api.ts";

export interface Ran {
  readonly status: number;
  /** Results. */
  readonly lines: readonly string[];
  /** All else. */
  readonly warnings: readonly string[];
}

export async function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  parts: Partial<ProgramParts> = {},
): Promise<Ran> {
  const lines: string[] = [];
  const warnings: string[] = [];
  const status = await importProgram(args, environment, {
    clock: platformClock,
    random: platformRandom,
    print: (line) => lines.push(...line.split("\n")),
    warn: (line) => warnings.push(line),
    ...parts,
  });
  return { status, lines, warnings };
}

/** The environment that names the table of a server. */
export const tableOf = ({ endpoint, tableName }: Pick<Api, "endpoint" | "tableName">) => ({
  DYNAMODB_ENDPOINT: endpoint,
  TABLE_NAME: tableName,
});
