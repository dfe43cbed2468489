/** The environment of every function: what `lib/api/deployed-runtime.ts` reads, and nothing else. */
import type * as z from "zod";
import type { Configuration } from "../lib/api/configuration.ts";
import type { environmentSchema } from "../lib/api/deployed-runtime.ts";
import type { MappedCaller } from "./callers.ts";

/** Lambda's limit on all names and values together, in bytes. */
export const MAX_ENVIRONMENT = 4_096;

type Names = keyof z.input<typeof environmentSchema>;
export type FunctionEnvironment = Readonly<Record<"TABLE_NAME", string>> &
  Readonly<Partial<Record<Names, string>>>;

export interface EnvironmentParts {
  readonly tableName: string;
  readonly callers: readonly MappedCaller[];
  readonly configuration: {
    readonly [name in keyof Configuration]?: Configuration[name] | undefined;
  };
}

/** Settings that are not given are left to the functions' own defaults. */
export function functionEnvironment(parts: EnvironmentParts): FunctionEnvironment {
  const { tableName, callers, configuration } = parts;
  const { corsOrigins, directRoles, maxChangeItems } = configuration;
  const values: { readonly [name in Names]: string | undefined } = {
    TABLE_NAME: tableName,
    PLACEMENT_POLICY: configuration.policy,
    PLACEMENT_CORS_ORIGINS: corsOrigins?.join(","),
    PLACEMENT_IAM_ROLES: callers.length === 0 ? undefined : roleMap(callers),
    PLACEMENT_DIRECT_ROLES: directRoles && JSON.stringify(directRoles),
    PLACEMENT_MAX_CHANGE_ITEMS: maxChangeItems?.toString(),
    PLACEMENT_INCOMPLETE_PROJECT: configuration.incompleteProject,
    PLACEMENT_INCOMPLETE_USER: configuration.incompleteUser,
  };
  const given = Object.entries(values).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(given) as unknown as FunctionEnvironment;
}

/** JSON by hand: an ARN may be a token that is known at deployment only, and cannot be a key. */
function roleMap(callers: readonly MappedCaller[]): string {
  const entries = callers.map(({ arn, placementRoles }) => {
    return `"${arn}":${JSON.stringify(placementRoles)}`;
  });
  return `{${entries.join(",")}}`;
}
