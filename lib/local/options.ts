/** The command line and the environment of `npm start`. */
import { parseArgs } from "node:util";
import * as z from "zod";
import {
  type Configuration,
  DEFAULT_CONFIGURATION,
  MAX_CHANGE_ITEMS,
  MIN_CHANGE_ITEMS,
} from "../api/configuration.ts";
import { originsOf } from "../api/deployed-runtime.ts";
import { PolicyError } from "../api/policy/parse.ts";
import { type PolicySettings, policySettings } from "../api/policy/settings.ts";
import { StartFailure } from "./start-failure.ts";

export const DEFAULT_PORT = 8778;
export const DEFAULT_FOLDER = ".placement";
export const DEFAULT_TABLE = "placement";

const USAGE_STATUS = 2;

/** Where the table is. */
export type Storage =
  | { readonly kind: "memory" }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "endpoint"; readonly endpoint: string; readonly tableName: string };

export interface Options {
  readonly port: number;
  readonly storage: Storage;
  readonly configuration: Configuration;
}

export const HELP = `Usage: npm start -- [options]

Serves the Placement API on 127.0.0.1, without authentication.

Options, which win over the environment:
  --port NUMBER   listen on this port, 0 for any free one (PORT, default ${DEFAULT_PORT})
  --data FOLDER   keep the data in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --memory        keep nothing
  --help          print this

Environment:
  PORT                          as --port
  PLACEMENT_STATE_DIR           as --data
  DYNAMODB_ENDPOINT             URL of a DynamoDB to use instead of the embedded engine,
                                unless --data or --memory is given
  TABLE_NAME                    the table there, made if absent (default ${DEFAULT_TABLE})
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that DynamoDB (default us-east-1, local, local)
  PLACEMENT_AUTH_STRATEGY       noauth2: believe X-Auth-Token and the headers with it (the only value)
  PLACEMENT_POLICY              secure, legacy or open (default ${DEFAULT_CONFIGURATION.policy}), or a JSON file of
                                rules that override those of secure
  PLACEMENT_POLICY_RULES        a JSON object of rules that override single ones
  PLACEMENT_CORS_ORIGINS        origins that may call from a browser, separated by commas (default none)
  PLACEMENT_INCOMPLETE_PROJECT  project of allocations written below version 1.8
  PLACEMENT_INCOMPLETE_USER     user of allocations written below version 1.8
  PLACEMENT_MAX_CHANGE_ITEMS    items that one request may change, ${MIN_CHANGE_ITEMS} to ${MAX_CHANGE_ITEMS} (default ${DEFAULT_CONFIGURATION.maxChangeItems})
`;

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535));

/** Each setting with the words for what it must be. */
const settings = {
  PORT: [port.default(DEFAULT_PORT), "a whole number from 0 to 65535"],
  PLACEMENT_STATE_DIR: [z.string().default(DEFAULT_FOLDER), "a folder"],
  DYNAMODB_ENDPOINT: [z.url({ protocol: /^https?$/ }).optional(), "a URL like http://HOST:PORT"],
  TABLE_NAME: [
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,255}$/)
      .default(DEFAULT_TABLE),
    "3 to 255 of A-Z a-z 0-9 _ . -",
  ],
  PLACEMENT_AUTH_STRATEGY: [z.literal("noauth2").default("noauth2"), "noauth2"],
  PLACEMENT_CORS_ORIGINS: [z.string().default(""), "origins, separated by commas"],
  PLACEMENT_INCOMPLETE_PROJECT: [
    z.string().max(255).default(DEFAULT_CONFIGURATION.incompleteProject),
    "at most 255 characters",
  ],
  PLACEMENT_INCOMPLETE_USER: [
    z.string().max(255).default(DEFAULT_CONFIGURATION.incompleteUser),
    "at most 255 characters",
  ],
  PLACEMENT_MAX_CHANGE_ITEMS: [
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number)
      .pipe(z.number().min(MIN_CHANGE_ITEMS).max(MAX_CHANGE_ITEMS))
      .default(DEFAULT_CONFIGURATION.maxChangeItems),
    `a whole number from ${MIN_CHANGE_ITEMS} to ${MAX_CHANGE_ITEMS}`,
  ],
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Name = keyof typeof settings;
type Value<N extends Name> = z.output<(typeof settings)[N][0]>;

/**
 * What to start; undefined if only help is asked for.
 * @throws StartFailure if a flag is unknown or a value is wrong
 */
export function parseOptions(
  args: readonly string[],
  environment: Environment,
): Options | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  if (flags.memory && flags.data !== undefined) {
    throw usage("--memory and --data exclude each other: give one of them");
  }
  const read = <N extends Name>(name: N, flag?: string, given?: string): Value<N> => {
    // An empty variable is an unset one, as shells and container tools write it.
    const value = given ?? (environment[name] || undefined);
    const [schema, words] = settings[name];
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data as Value<N>;
    throw usage(`${given === undefined ? name : flag} must be ${words}, not '${value}'`);
  };
  read("PLACEMENT_AUTH_STRATEGY");
  const endpoint = read("DYNAMODB_ENDPOINT");
  const tableName = read("TABLE_NAME");
  const folder = read("PLACEMENT_STATE_DIR", "--data", flags.data);
  return {
    port: read("PORT", "--port", flags.port),
    storage: storageOf(flags, { endpoint, tableName, folder }),
    configuration: {
      ...DEFAULT_CONFIGURATION,
      ...policyOf(environment),
      corsOrigins: originsOf(read("PLACEMENT_CORS_ORIGINS")),
      incompleteProject: read("PLACEMENT_INCOMPLETE_PROJECT"),
      incompleteUser: read("PLACEMENT_INCOMPLETE_USER"),
      maxChangeItems: read("PLACEMENT_MAX_CHANGE_ITEMS"),
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

type Flags = ReturnType<typeof parseFlags>;

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        data: { type: "string" },
        memory: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw usage(`${sentence}: 'npm start -- --help' lists the options`);
  }
}

function usage(message: string): StartFailure {
  return new StartFailure(message, USAGE_STATUS);
}
