/** The command line of `npm run verify`; the environment is that of `npm start`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Options, parseOptions } from "./options.ts";
import { DEFAULT_FOLDER } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

const USAGE_STATUS = 2;

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

Environment:
  DYNAMODB_ENDPOINT             URL of a DynamoDB to verify, unless --data is given;
                                AWS's is https://dynamodb.REGION.amazonaws.com
  TABLE_NAME                    the table there (default placement)
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that DynamoDB
  PLACEMENT_INCOMPLETE_PROJECT, PLACEMENT_INCOMPLETE_USER
                                owner of consumers that a repair restores from what is left of them
`;

/**
 * What to verify; undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseVerifyOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): VerifyProgramOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  const given = parseOptions(flags.data === undefined ? [] : ["--data", flags.data], environment);
  if (given === undefined) return undefined;
  const { storage, configuration } = given;
  if (storage.kind === "folder" && !existsSync(storage.folder)) {
    throw new StartFailure(
      `there is no data folder ${storage.folder}: name one with --data, or a table with DYNAMODB_ENDPOINT and TABLE_NAME`,
      USAGE_STATUS,
    );
  }
  return { storage, configuration, repair: flags.repair, json: flags.json };
}

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: "string" },
        repair: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new StartFailure(
      `${sentence}: 'npm run verify -- --help' lists the options`,
      USAGE_STATUS,
    );
  }
}
