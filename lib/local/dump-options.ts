/** The command lines of `npm run dump` and `npm run load`. */
import { existsSync } from "node:fs";
import {
  type Environment,
  existingTable,
  TABLE_ENVIRONMENT,
  tableOptions,
} from "./command-options.ts";
import { parseFlags } from "./flags.ts";
import type { Options } from "./options.ts";
import { DEFAULT_FOLDER } from "./settings.ts";
import { usage } from "./start-failure.ts";

/** Bytes: a secret that could be guessed would give the pseudonyms away. */
const MIN_SECRET = 16;

type Table = Pick<Options, "storage" | "configuration">;

export interface DumpProgramOptions extends Table {
  readonly to: string;
  /** Undefined: no pseudonyms. */
  readonly secret: string | undefined;
}

export interface LoadProgramOptions extends Table {
  readonly from: string;
}

export const DUMP_HELP = `Usage: npm run dump -- --to FILE [options]

Writes a whole table as lines of JSON: a head, each item, and an end with the number of
items and a checksum. The dump of a data folder, whose server has to be stopped, is consistent.
A table elsewhere is read twice: if it was written meanwhile, the items that differ are named
and no file is left.
Exit status: 0 if the dump is complete, 1 if it is not, 2 if the arguments are invalid.

Options, which take precedence over the environment:
  --to FILE       the file to write; compressed if its name ends with .gz
  --data FOLDER   the table in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --pseudonyms    replace ids and names by pseudonyms, for a report of a fault
  --help          print this help

${TABLE_ENVIRONMENT}  PLACEMENT_PSEUDONYM_SECRET    the same secret gives the same pseudonyms (at least ${MIN_SECRET} characters;
                                default: a random one)
`;

export const LOAD_HELP = `Usage: npm run load -- --from FILE [options]

Loads a dump into an empty table, which nothing else uses meanwhile. A data folder is created;
a table elsewhere has to exist. A load that was cut off goes on when it is repeated with the
same file; until then nothing can use the table.
Exit status: 0 if everything is loaded, 1 if it is not, 2 if the arguments are invalid.

Options, which take precedence over the environment:
  --from FILE     the dump; a compressed one if its name ends with .gz
  --data FOLDER   the data folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --help          print this help

${TABLE_ENVIRONMENT}`;

/**
 * Undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseDumpOptions(
  args: readonly string[],
  environment: Environment,
  random: () => string,
): DumpProgramOptions | undefined {
  const { data, to, pseudonyms, help } = parseFlags("npm run dump", args, {
    data: { type: "string" },
    to: { type: "string" },
    pseudonyms: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (help) return undefined;
  if (!to) throw usage("--to FILE names the file to write");
  const secret = environment["PLACEMENT_PSEUDONYM_SECRET"] || random();
  if (pseudonyms && secret.length < MIN_SECRET) {
    throw usage(`PLACEMENT_PSEUDONYM_SECRET must have at least ${MIN_SECRET} characters`);
  }
  return { ...existingTable(data, environment), to, secret: pseudonyms ? secret : undefined };
}

/**
 * Undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseLoadOptions(
  args: readonly string[],
  environment: Environment,
): LoadProgramOptions | undefined {
  const { data, from, help } = parseFlags("npm run load", args, {
    data: { type: "string" },
    from: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
  if (help) return undefined;
  if (!from) throw usage("--from FILE names the dump");
  if (!existsSync(from)) throw usage(`there is no file ${from}: --from FILE names the dump`);
  return { ...tableOptions(data, environment), from };
}
