/** The console of `npm start`: whether it is served, and how its users sign in. */
import { type ConsoleAuth, originsFor } from "../../api/console/config.ts";
import type { AuthOptions } from "../auth-options.ts";
import type { Read } from "../settings.ts";

export interface ConsoleOptions {
  /** Undefined: its users could not sign in. */
  readonly auth: ConsoleAuth | undefined;
  /** Origins that its pages may call beside their own. */
  readonly connect: readonly string[];
}

interface ConsoleFlags {
  readonly "console-client-id"?: string | undefined;
}

/**
 * @returns undefined: it is off
 * @throws StartFailure
 */
export function consoleOptions(
  flags: ConsoleFlags,
  auth: AuthOptions,
  read: Read,
): ConsoleOptions | undefined {
  const given = flags["console-client-id"];
  const clientId = read("PLACEMENT_CONSOLE_CLIENT_ID", "--console-client-id", given);
  const scopes = read("PLACEMENT_CONSOLE_SCOPES");
  const connect = read("PLACEMENT_CONSOLE_CONNECT");
  if (!read("PLACEMENT_CONSOLE")) return undefined;
  const own = authOf(auth, clientId, scopes);
  return { auth: own, connect: own === undefined ? [] : [...originsFor(own), ...connect] };
}

function authOf(
  auth: AuthOptions,
  clientId: string | undefined,
  scopes: readonly string[],
): ConsoleAuth | undefined {
  if (auth.kind === "noauth") return { kind: "none" };
  if (auth.kind === "keystone") return { kind: auth.kind, url: auth.url };
  const { kind, issuer, audience } = auth;
  return clientId === undefined ? undefined : { kind, issuer, clientId, audience, scopes };
}
