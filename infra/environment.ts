/**
 * The environment of every function: what `lib/api/deployed-runtime.ts` reads and
 * nothing else. A setting's variable is `PLACEMENT_` and its name in capitals, so that
 * a new setting needs no change here.
 */
import { Token } from "aws-cdk-lib";
import * as z from "zod";
import { type Configuration, DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import { environmentSchema, runtimeFrom } from "../lib/api/deployed-runtime.ts";
import { externalId } from "../lib/api/schemas.ts";
import { BadSettings } from "./bad-settings.ts";
import type { MappedCaller } from "./callers.ts";

/** Lambda's limit on all names and values together, in bytes. */
const MAX_ENVIRONMENT = 4_096;

/** The maximum length of a table's name. */
const MAX_TABLE_NAME = 255;

/** What an operator sets; Keystone's URL is that of the endpoint. */
type Settable = Omit<Configuration, "keystoneUrl">;

/** For a setting that is absent, the functions have a default. */
export type GivenConfiguration = {
  readonly [name in keyof Settable]?: Settable[name] | undefined;
};

/** The names of what an operator sets. */
export const CONFIGURATION_NAMES = Object.keys(DEFAULT_CONFIGURATION).filter((name) => {
  return name !== "keystoneUrl";
});

/** Those of `props` that configure the functions. */
export function givenConfiguration(props: GivenConfiguration): GivenConfiguration {
  const entries = Object.entries(props).filter(([name]) => CONFIGURATION_NAMES.includes(name));
  return Object.fromEntries(entries);
}

export interface EnvironmentParts {
  readonly tableName: string;
  readonly callers: readonly MappedCaller[];
  readonly configuration: GivenConfiguration;
  /** Of the keystone endpoint, which refusals there name to clients. */
  readonly keystoneUrl?: string | undefined;
  /** By which metrics are told from those of other stacks; absent: no metrics. */
  readonly stack?: string | undefined;
}

/** @throws BadSettings if the functions could not start with these settings */
export function functionEnvironment(parts: EnvironmentParts): Readonly<Record<string, string>> {
  const { tableName, callers, configuration } = parts;
  const environment: Record<string, string> = { TABLE_NAME: tableName };
  for (const [name, value] of Object.entries(configuration)) {
    if (value !== undefined) environment[variableOf(name)] = textOf(name, value);
  }
  if (parts.keystoneUrl !== undefined) environment["PLACEMENT_KEYSTONE_URL"] = parts.keystoneUrl;
  if (parts.stack !== undefined) environment["PLACEMENT_STACK"] = parts.stack;
  if (callers.length > 0) environment["PLACEMENT_IAM_ROLES"] = roleMap(callers);
  checkSize(environment);
  checkTexts(configuration);
  checkStart(environment);
  return environment;
}

/** `PLACEMENT_CORS_ORIGINS` for `corsOrigins`. */
export function variableOf(name: string): string {
  return `PLACEMENT_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function textOf(name: string, value: unknown): string {
  if (name === "corsOrigins") return (value as readonly string[]).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Writes JSON itself: an ARN may be a token that is resolved at deployment, which cannot be a key. */
function roleMap(callers: readonly MappedCaller[]): string {
  const entries = callers.map(({ arn, placementRoles: roles, principalId: id }) => {
    return `"${arn}":${JSON.stringify(id === undefined ? roles : { roles, id })}`;
  });
  return `{${entries.join(",")}}`;
}

function checkSize(environment: Readonly<Record<string, string>>): void {
  const { TABLE_NAME: table = "", ...others } = environment;
  // The name of a table that the stack creates is not known yet.
  const tableBytes = Token.isUnresolved(table) ? MAX_TABLE_NAME : table.length;
  const fixed = "TABLE_NAME".length + tableBytes;
  const size = fixed + Buffer.byteLength(Object.entries(others).flat().join(""));
  if (size <= MAX_ENVIRONMENT) return;
  throw new BadSettings(
    `The settings take ${size} bytes, and Lambda has room for ${MAX_ENVIRONMENT}`,
  );
}

/** Projects and users have the same maximum length as in requests. */
function checkTexts({ incompleteProject, incompleteUser }: GivenConfiguration): void {
  for (const [name, text] of Object.entries({ incompleteProject, incompleteUser })) {
    if (externalId().optional().safeParse(text).success) continue;
    throw new BadSettings(`${name} has to be a text of 1 to 255 characters`);
  }
}

function checkStart(environment: Readonly<Record<string, string>>): void {
  const unread = Object.keys(environment).filter((name) => !(name in environmentSchema.shape));
  if (unread.length > 0) throw new BadSettings(`No function reads ${unread.join(", ")}`);
  try {
    // Checked by the functions' own schema, but for what only CloudFormation knows.
    const known = Object.entries(environment).filter(([name, text]) => {
      return name === "PLACEMENT_IAM_ROLES" || !Token.isUnresolved(text);
    });
    runtimeFrom({ ...Object.fromEntries(known), TABLE_NAME: "placement" });
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new BadSettings(`A setting is wrong. ${words.replaceAll(/\s*\n\s*/g, " ")}`);
  }
}
