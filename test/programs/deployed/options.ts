/** The command line and environment of `npm run start:deployed`. */
import { parseArgs } from "node:util";
import * as z from "zod";
import { originsOf } from "../../../lib/api/configuration.ts";

export const HELP = `Usage: npm run start:deployed -- [options]

Synthesises the stack with its three endpoints, and plays its deployment on this machine:
see docs/as-deployed.md. Without --endpoint, the keystone endpoint is served to callers that
name themselves by the headers of a local server without authentication.

Options:
  --endpoint KIND   iam, keystone or jwt: serve that endpoint as it is
  --rest            endpoints are REST APIs in place of HTTP APIs
  --logs            print what the functions print, on standard error
  --help            print this help

Environment:
  PORT                     port on 127.0.0.1 (default 8778); 0 selects a free port
  PLACEMENT_POLICY         in place of the template's
  PLACEMENT_CORS_ORIGINS   origins of the stack, separated by commas
`;

const portSchema = z.coerce.number().int().min(0).max(65_535).default(8_778);
const kindSchema = z.enum(["iam", "keystone", "jwt"]).optional();

/** Undefined: only help is asked for. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      endpoint: { type: "string" },
      rest: { type: "boolean", default: false },
      logs: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const corsOrigins = originsOf(environment["PLACEMENT_CORS_ORIGINS"] ?? "");
  return {
    endpoint: kindSchema.parse(values.endpoint),
    rest: values.rest,
    logs: values.logs,
    port: portSchema.parse(environment["PORT"] || undefined),
    policy: environment["PLACEMENT_POLICY"] || undefined,
    settings: {
      rest: values.rest,
      ...(corsOrigins.length === 0 ? {} : { corsOrigins }),
    },
  };
}
