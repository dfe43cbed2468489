/** The command line of `npm run restore`. */
import * as z from "zod";
import { type Configuration, DEFAULT_CONFIGURATION } from "../api/configuration.ts";
import { type Environment, parseFlags, tableOptions } from "./command-options.ts";
import { usage } from "./start-failure.ts";

export interface RestoreOptions {
  readonly table: string;
  readonly target: string;
  /** Undefined: the latest moment. */
  readonly at: Date | undefined;
  readonly dryRun: boolean;
  /** Undefined: AWS's, of the region. */
  readonly endpoint: string | undefined;
  readonly configuration: Configuration;
}

export const RESTORE_HELP = `Usage: npm run restore -- --table NAME --to TIME [options]

Restores a table to a moment, into a new table: with point-in-time recovery, deletion
protection, time to live, tags, KMS key, stream and contributor insights of the old one. Then
begins a new epoch, finishes large changes, rebuilds what contradicts itself, and verifies it.
A restore that was cut off goes on when it is repeated. Stop the callers before, and deploy the
stack with the new table's name afterwards: docs/backup.md.
Exit status: 0 if the new table can be used, 1 if it cannot, 2 if the arguments are invalid.

Options:
  --table NAME    the table to restore
  --to TIME       the moment, such as 2026-01-31T12:00:00Z, or "latest"
  --target NAME   the name of the new table (default: NAME-TIME)
  --dry-run       print the calls that would be made, and make none that changes anything
  --help          print this help

Environment:
  AWS_REGION, and credentials wherever AWS's SDK finds them
  PLACEMENT_INCOMPLETE_PROJECT, PLACEMENT_INCOMPLETE_USER
                                owner of consumers that are restored from what is left of them
`;

const tableName = z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/);
const moment = z.union([z.literal("latest"), z.iso.datetime({ offset: true })]);

/**
 * Undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseRestoreOptions(
  args: readonly string[],
  environment: Environment,
): RestoreOptions | undefined {
  const flags = parseFlags("npm run restore", args, {
    table: { type: "string" },
    to: { type: "string" },
    target: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  if (flags.help) return undefined;
  const table = tableName.safeParse(flags.table);
  if (!table.success) throw usage("--table names the table to restore");
  const to = moment.safeParse(flags.to);
  if (!to.success) throw usage('--to is a time, such as 2026-01-31T12:00:00Z, or "latest"');
  const at = to.data === "latest" ? undefined : new Date(to.data);
  const suffix = at?.toISOString().replace(/[-:]|\.\d+/g, "") ?? to.data;
  const target = tableName.safeParse(flags.target ?? `${table.data}-${suffix}`);
  if (!target.success) throw usage("--target must be a table's name of 3 to 255 characters");
  const { configuration } = tableOptions(undefined, environment);
  return {
    table: table.data,
    target: target.data,
    at,
    dryRun: flags["dry-run"],
    endpoint: environment["DYNAMODB_ENDPOINT"] || undefined,
    configuration: { ...DEFAULT_CONFIGURATION, ...configuration },
  };
}
