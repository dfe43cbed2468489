/** The command line of `npm run verify`; the environment is that of `npm start`. */
import {
  type Environment,
  existingTable,
  parseFlags,
  TABLE_ENVIRONMENT,
} from "./command-options.ts";
import type { Options } from "./options.ts";
import { DEFAULT_FOLDER } from "./settings.ts";

export interface VerifyProgramOptions extends Pick<Options, "storage" | "configuration"> {
  readonly repair: boolean;
  readonly json: boolean;
}

export const VERIFY_HELP = `Usage: npm run verify -- [options]

Reads a whole table and reports every contradiction between its records. The table
may be in use, except in a data folder, which only one program can open at a time.
Exit status: 0 if the table is consistent or was repaired, 1 if contradictions
remain, 2 if the arguments are invalid.

Options, which take precedence over the environment:
  --data FOLDER   the table in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --repair        repair each contradiction for which a rule determines the right value;
                  without this option nothing is changed
  --json          print each finding as a line of JSON
  --help          print this help

${TABLE_ENVIRONMENT}  PLACEMENT_INCOMPLETE_PROJECT, PLACEMENT_INCOMPLETE_USER
                                owner of consumers that a repair restores from what is left of them
`;

/**
 * What to verify; undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseVerifyOptions(
  args: readonly string[],
  environment: Environment,
): VerifyProgramOptions | undefined {
  const { data, repair, json, help } = parseFlags("npm run verify", args, {
    data: { type: "string" },
    repair: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  return help ? undefined : { ...existingTable(data, environment), repair, json };
}
