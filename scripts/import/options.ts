/** The command line of `npm run import`; the environment is that of `npm start`. */
import type { Configuration } from "../../lib/api/configuration.ts";
import { type Environment, tableOptions } from "../../lib/local/command-options.ts";
import { parseFlags } from "../../lib/local/flags.ts";
import type { Storage } from "../../lib/local/options.ts";
import { DEFAULT_FOLDER } from "../../lib/local/settings.ts";
import { usage } from "../../lib/local/start-failure.ts";

/** `import` writes once, `follow` until both are equal; the others write nothing. */
export type Mode = "import" | "follow" | "dry-run" | "verify";

export interface ImportOptions {
  readonly mode: Mode;
  /** The source's URL. */
  readonly from: string;
  readonly token: string | undefined;
  readonly storage: Storage;
  readonly configuration: Configuration;
  readonly asIs: boolean;
  readonly prune: boolean;
  /** Requests to the source, and changes of the table, at a time. */
  readonly width: number;
  /** Readings of the source at most. */
  readonly passes: number;
}

const DEFAULT_WIDTH = 8;
const MAX_WIDTH = 64;
const DEFAULT_PASSES = 100;
const MAX_PASSES = 100_000;

export const IMPORT_HELP = `Usage: npm run import -- --from URL [options]

Brings the content of a running Placement into a table, through Placement's public API.
Run again after an interruption: what is there already is compared, and not written twice.
Exit status: 0 if the table has all that the source showed, 1 if something differs,
2 if the import was not done.

Options, which take precedence over the environment:
  --from URL      the Placement to read, with its base path
  --token T       the X-Auth-Token to read it with; without it, and once it is answered
                  401, a token is taken from the Keystone that the environment names
  --data FOLDER   the table in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER});
                  its server has to be stopped
  --follow        repeat until a reading of the source finds nothing that differs
  --verify        only compare: a line for each difference, then "N differences"
  --dry-run       only say what would be written
  --as-is         also bring in allocations beyond a capacity, or without an inventory
  --prune         delete providers, classes and traits of the table that the source lacks
  --parallel N    requests to the source at a time (1 to ${MAX_WIDTH}, default ${DEFAULT_WIDTH})
  --passes N      readings with --follow at most (default ${DEFAULT_PASSES})
  --help          print this help

Environment:
  DYNAMODB_ENDPOINT, TABLE_NAME
                  URL of a DynamoDB and the table there, unless --data is given;
                  AWS's is https://dynamodb.REGION.amazonaws.com
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                  for that DynamoDB
  OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, OS_USER_DOMAIN_ID,
  OS_PROJECT_DOMAIN_ID (or ..._NAME); or OS_APPLICATION_CREDENTIAL_ID and
  OS_APPLICATION_CREDENTIAL_SECRET
                  who reads the source: somebody with the role admin or service there
  NODE_EXTRA_CA_CERTS
                  file of certificates that are trusted beside the system's
`;

/**
 * What to import; undefined if only help is asked for.
 * @throws StartFailure
 */
export function parseImportOptions(
  args: readonly string[],
  environment: Environment,
): ImportOptions | undefined {
  const flags = flagsOf(args);
  if (flags.help) return undefined;
  const { from, token } = flags;
  if (from === undefined || !/^https?:/.test(from) || !URL.canParse(from)) {
    throw usage("--from needs the URL of a Placement, such as http://controller:8778");
  }
  const { username, password } = new URL(from);
  if (username !== "" || password !== "") {
    throw usage("--from must contain no user and no password: name a token with --token");
  }
  if (token === "") throw usage("--token needs a token");
  const keystone = environment["OS_AUTH_URL"];
  if (token === undefined && !keystone) {
    throw usage("name a token with --token, or Keystone's OS_AUTH_URL, OS_USERNAME, ...");
  }
  if (token === undefined && !URL.canParse(keystone ?? "")) {
    throw usage("OS_AUTH_URL needs the URL of Keystone, such as http://controller:5000/v3");
  }
  if (flags.passes !== undefined && !flags.follow) {
    throw usage("--passes says how often --follow reads: give both, or none");
  }
  const { storage, configuration } = tableOptions(flags.data, environment);
  return {
    mode: modeOf(flags),
    ...{ from, token, storage, configuration },
    asIs: flags["as-is"],
    prune: flags.prune,
    width: numberOf("--parallel", flags.parallel, DEFAULT_WIDTH, MAX_WIDTH),
    passes: numberOf("--passes", flags.passes, DEFAULT_PASSES, MAX_PASSES),
  };
}

function modeOf(flags: Flags): Mode {
  const modes = (["follow", "verify", "dry-run"] as const).filter((mode) => flags[mode]);
  if (modes.length > 1) {
    throw usage("--follow, --verify and --dry-run exclude each other: use only one of them");
  }
  return modes[0] ?? "import";
}

function numberOf(flag: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw usage(`${flag} must be a number from 1 to ${most}, not '${text}'`);
}

type Flags = ReturnType<typeof flagsOf>;

/** @throws StartFailure */
function flagsOf(args: readonly string[]) {
  return parseFlags("npm run import", args, {
    from: { type: "string" },
    token: { type: "string" },
    data: { type: "string" },
    follow: { type: "boolean", default: false },
    verify: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
    "as-is": { type: "boolean", default: false },
    prune: { type: "boolean", default: false },
    parallel: { type: "string" },
    passes: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
}
