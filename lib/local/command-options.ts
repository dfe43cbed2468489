/** The parts of command lines that the commands on a whole table share. */
import { existsSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Options, parseOptions } from "./options.ts";
import { usage } from "./start-failure.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

type Named = NonNullable<ParseArgsConfig["options"]>;

/**
 * @param command as it is called, for the advice
 * @throws StartFailure
 */
export function parseFlags<T extends Named>(command: string, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw usage(`${sentence}: '${command} -- --help' lists the options`);
  }
}

/**
 * The table that `--data` or the environment names, and the configuration.
 * @throws StartFailure
 */
export function tableOptions(
  data: string | undefined,
  environment: Environment,
): Pick<Options, "storage" | "configuration"> {
  const given = parseOptions(data === undefined ? [] : ["--data", data], environment);
  if (given === undefined) throw usage("no table is named");
  return { storage: given.storage, configuration: given.configuration };
}

/**
 * The same; a data folder has to exist.
 * @throws StartFailure
 */
export function existingTable(data: string | undefined, environment: Environment) {
  const options = tableOptions(data, environment);
  const { storage } = options;
  if (storage.kind === "folder" && !existsSync(storage.folder)) {
    throw usage(
      `there is no data folder ${storage.folder}: name one with --data, or a table with DYNAMODB_ENDPOINT and TABLE_NAME`,
    );
  }
  return options;
}

/** For the help of such commands. */
export const TABLE_ENVIRONMENT = `Environment:
  DYNAMODB_ENDPOINT             URL of a DynamoDB, unless --data is given;
                                AWS's is https://dynamodb.REGION.amazonaws.com
  TABLE_NAME                    the table there (default placement)
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that DynamoDB
`;
