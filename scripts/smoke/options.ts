/** The options of `npm run smoke`, and the credentials that they name. */
import { parseArgs } from "node:util";
import type { Credentials } from "../../lib/client/http.ts";
import { keystone } from "../../lib/client/keystone.ts";
import { environmentCredentials, sigv4 } from "../../lib/client/sigv4.ts";
import { authToken, bearer } from "../../lib/client/tokens.ts";

export const USAGE = `npm run smoke -- --url URL [--auth noauth|iam|keystone|jwt]

Plays a first session against a deployment or a local server and removes what it made.

  --auth noauth     X-Auth-Token from PLACEMENT_TOKEN, by default "admin" (the default)
  --auth iam        signs with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION
  --auth keystone   a token for OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME ... or
                    OS_APPLICATION_CREDENTIAL_ID, OS_APPLICATION_CREDENTIAL_SECRET
  --auth jwt        the bearer token in PLACEMENT_BEARER_TOKEN

The caller needs Placement's role admin or service.`;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SmokeOptions {
  readonly url: string;
  readonly credentials: Credentials;
}

/** @throws Error whose message says what is missing or wrong */
export function readOptions(args: readonly string[], environment: Environment): SmokeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: "string" }, auth: { type: "string", default: "noauth" } },
  });
  const { url, auth } = values;
  if (url === undefined || !URL.canParse(url)) throw new Error("--url needs the URL of the API");
  return { url, credentials: credentialsOf(auth, environment) };
}

function credentialsOf(auth: string, environment: Environment): Credentials {
  switch (auth) {
    case "noauth":
      return authToken(environment["PLACEMENT_TOKEN"] ?? "admin");
    case "iam":
      return sigv4({
        region: required(environment, "AWS_REGION"),
        credentials: environmentCredentials(environment),
      });
    case "keystone":
      return keystone({ credential: environment });
    case "jwt":
      return bearer(required(environment, "PLACEMENT_BEARER_TOKEN"));
    default:
      throw new Error(`--auth is noauth, iam, keystone or jwt, not ${auth}`);
  }
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} has to be set`);
  return value;
}
