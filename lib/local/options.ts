/** The command line and the environment of `npm start`. */
import { type Configuration, DEFAULT_CONFIGURATION, originsOf } from "../api/configuration.ts";
import { PolicyError } from "../api/policy/parse.ts";
import { type PolicySettings, policySettings } from "../api/policy/settings.ts";
import { type AuthOptions, authOptions } from "./auth-options.ts";
import type { Mount } from "./base-path.ts";
import { type ConsoleOptions, consoleOptions } from "./console/options.ts";
import { parseFlags } from "./flags.ts";
import type { Limits } from "./limits.ts";
import type { LogLevel } from "./log-level.ts";
import { type Read, settings } from "./settings.ts";
import { usage } from "./start-failure.ts";

const LOOPBACK = "127.0.0.1";

/** Where the table is. */
export type Storage =
  | { readonly kind: "memory" }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "endpoint"; readonly endpoint: string; readonly tableName: string };

export interface Options {
  readonly port: number;
  /** The address to listen on. */
  readonly listen: string;
  readonly auth: AuthOptions;
  /** Undefined: it is off. */
  readonly console: ConsoleOptions | undefined;
  readonly mount: Mount;
  readonly storage: Storage;
  readonly configuration: Configuration;
  /** A table elsewhere is upgraded to this version's format, if it has an older one. */
  readonly upgrade: boolean;
  /** Host names that requests may use in addition to those of the loopback interface. */
  readonly allowedHosts: readonly string[];
  /** The load above which the server refuses requests, and how long it takes to stop. */
  readonly limits: Pick<Limits, "running" | "waiting" | "closeTimeout">;
  readonly logLevel: LogLevel;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @returns what to start; undefined if only the help is requested
 * @throws StartFailure if a flag is unknown or a value is wrong
 */
export function parseOptions(
  args: readonly string[],
  environment: Environment,
): Options | undefined {
  const flags = flagsOf(args);
  if (flags.help) return undefined;
  if (flags.memory && flags.data !== undefined) {
    throw usage("--memory and --data exclude each other: use only one of them");
  }
  const read: Read = (name, flag, given) => {
    // An empty variable is an unset one, as shells and container tools write it.
    const value = given ?? (environment[name] || undefined);
    const [schema, words] = settings[name];
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data as ReturnType<typeof read<typeof name>>;
    throw usage(`${given === undefined ? name : flag} must be ${words}, not '${value}'`);
  };
  const auth = authOptions(flags, environment, read);
  const listen = read("PLACEMENT_LISTEN", "--listen", flags.listen);
  if (listen !== undefined && auth.kind === "noauth") {
    throw usage("--listen needs --auth keystone or --auth jwt: noauth believes every caller");
  }
  const endpoint = read("DYNAMODB_ENDPOINT");
  const tableName = read("TABLE_NAME");
  const folder = read("PLACEMENT_STATE_DIR", "--data", flags.data);
  return {
    port: read("PORT", "--port", flags.port),
    auth,
    listen: listen ?? LOOPBACK,
    console: consoleOptions(flags, auth, read),
    mount: {
      basePath: read("PLACEMENT_BASE_PATH", "--base-path", flags["base-path"]),
      trustsForwarded: flags["trust-forwarded-prefix"] || read("PLACEMENT_TRUST_FORWARDED_PREFIX"),
    },
    storage: storageOf(flags, { endpoint, tableName, folder }),
    upgrade: flags.upgrade,
    allowedHosts: read("PLACEMENT_ALLOWED_HOSTS", "--allow-host", flags["allow-host"]?.join()),
    limits: {
      running: read("PLACEMENT_MAX_RUNNING"),
      waiting: read("PLACEMENT_MAX_WAITING"),
      closeTimeout: read("PLACEMENT_GRACE_PERIOD") * 1_000,
    },
    logLevel: read("PLACEMENT_LOG_LEVEL"),
    configuration: {
      ...DEFAULT_CONFIGURATION,
      keystoneUrl: auth.kind === "keystone" ? auth.url : "",
      ...policyOf(environment),
      corsOrigins: originsOf(read("PLACEMENT_CORS_ORIGINS")),
      incompleteProject: read("PLACEMENT_INCOMPLETE_PROJECT"),
      incompleteUser: read("PLACEMENT_INCOMPLETE_USER"),
      maxChangeItems: read("PLACEMENT_MAX_CHANGE_ITEMS"),
      maxLease: read("PLACEMENT_MAX_LEASE"),
      maxLeaseShare: read("PLACEMENT_MAX_LEASE_SHARE"),
      historyDays: read("PLACEMENT_HISTORY_DAYS", "--history-days", flags["history-days"]),
      events: read("PLACEMENT_EVENTS"),
      snapshotMaxAge: read("PLACEMENT_SNAPSHOT_MAX_AGE"),
      randomizeCandidates: read("PLACEMENT_RANDOMIZE_CANDIDATES"),
      maxCandidates: read("PLACEMENT_MAX_CANDIDATES"),
      maxCandidateWork: read("PLACEMENT_MAX_CANDIDATE_WORK"),
    },
  };
}

function policyOf(environment: Environment): PolicySettings {
  try {
    const { PLACEMENT_POLICY: policy, PLACEMENT_POLICY_RULES: rules } = environment;
    return policySettings({ policy, rules });
  } catch (error) {
    throw error instanceof PolicyError ? usage(error.message) : error;
  }
}

interface Places {
  readonly endpoint: string | undefined;
  readonly tableName: string;
  readonly folder: string;
}

function storageOf(flags: Flags, { endpoint, tableName, folder }: Places): Storage {
  if (flags.memory) return { kind: "memory" };
  if (flags.data !== undefined || endpoint === undefined) {
    if (folder === "") throw usage("--data needs a folder");
    return { kind: "folder", folder };
  }
  return { kind: "endpoint", endpoint, tableName };
}

type Flags = ReturnType<typeof flagsOf>;

/** @throws StartFailure */
function flagsOf(args: readonly string[]) {
  return parseFlags("npm start", args, {
    port: { type: "string" },
    data: { type: "string" },
    memory: { type: "boolean", default: false },
    upgrade: { type: "boolean", default: false },
    "allow-host": { type: "string", multiple: true },
    auth: { type: "string" },
    "keystone-url": { type: "string" },
    "jwt-issuer": { type: "string" },
    "jwt-audience": { type: "string" },
    "jwt-claims": { type: "string" },
    "console-client-id": { type: "string" },
    listen: { type: "string" },
    "base-path": { type: "string" },
    "trust-forwarded-prefix": { type: "boolean", default: false },
    "history-days": { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
}
