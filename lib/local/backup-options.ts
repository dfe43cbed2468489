/** The command line of `npm run backup`. */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type Environment, existingTable } from "./command-options.ts";
import { tableFile } from "./data-folder.ts";
import { parseFlags } from "./flags.ts";
import type { Options } from "./options.ts";
import { DEFAULT_FOLDER } from "./settings.ts";
import { usage } from "./start-failure.ts";

export interface BackupOptions extends Pick<Options, "configuration"> {
  /** The data folder to copy. */
  readonly data: string;
  readonly to: string;
}

export const BACKUP_HELP = `Usage: npm run backup -- --to FOLDER [options]

Copies a data folder as it is at one moment, whether its server runs or not. The copy is a
data folder of its own: 'npm start -- --data FOLDER' serves it, and 'npm run verify' checks it.
To be run as the user of the server.
Exit status: 0 if the backup is complete, 1 if there is none, 2 if the arguments are invalid.

Options, which take precedence over the environment:
  --to FOLDER     the backup; a folder that is absent or empty
  --data FOLDER   the data folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --help          print this help
`;

/**
 * Undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseBackupOptions(
  args: readonly string[],
  environment: Environment,
): BackupOptions | undefined {
  const { data, to, help } = parseFlags("npm run backup", args, {
    data: { type: "string" },
    to: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
  if (help) return undefined;
  if (!to) throw usage("--to FOLDER names the folder to write");
  // A DynamoDB elsewhere has backups of its own.
  const { storage, configuration } = existingTable(data, {
    ...environment,
    DYNAMODB_ENDPOINT: undefined,
  });
  if (storage.kind !== "folder" || !existsSync(tableFile(storage.folder))) {
    throw usage("--data names no folder with the data of a server");
  }
  const way = relative(resolve(storage.folder), resolve(to));
  if (!way.startsWith("..")) throw usage("--to must not be inside of the data folder");
  return { data: storage.folder, to, configuration };
}
