/** How the local server learns who calls: by belief, from a Keystone, or from an issuer of tokens. */
import { readFileSync } from "node:fs";
import { holdsCertificates } from "../authorizer/certificates.ts";
import type { Claims } from "../authorizer/jwt/claims.ts";
import { type Credential, credentialSchema } from "../authorizer/keystone/credential.ts";
import type { Read } from "./settings.ts";
import { usage } from "./start-failure.ts";

export type AuthOptions =
  | { readonly kind: "noauth" }
  | {
      readonly kind: "keystone";
      readonly url: string;
      readonly credential: Credential;
      /** Seconds. */
      readonly tokenCacheTime: number;
      /** PEM certificates that are trusted instead of the system's. */
      readonly ca: string | undefined;
    }
  | {
      readonly kind: "jwt";
      readonly issuer: string;
      readonly audience: string;
      readonly claims: Claims;
      readonly ca: string | undefined;
    };

type Environment = Readonly<Record<string, string | undefined>>;

export interface AuthFlags {
  readonly auth?: string | undefined;
  readonly "keystone-url"?: string | undefined;
  readonly "jwt-issuer"?: string | undefined;
  readonly "jwt-audience"?: string | undefined;
  readonly "jwt-claims"?: string | undefined;
}

/** @throws StartFailure if a value is wrong, or one that is needed is absent */
export function authOptions(flags: AuthFlags, environment: Environment, read: Read): AuthOptions {
  const strategy = read("PLACEMENT_AUTH_STRATEGY", "--auth", flags.auth);
  if (strategy === "noauth") return { kind: strategy };
  const ca = certificates(environment["OS_CACERT"] || undefined);
  if (strategy === "keystone") {
    const asGiven = flags["keystone-url"];
    const url =
      read("PLACEMENT_KEYSTONE_URL", "--keystone-url", asGiven) ?? read("OS_AUTH_URL") ?? missing();
    const tokenCacheTime = read("PLACEMENT_TOKEN_CACHE_TIME");
    return { kind: strategy, url, credential: credentialIn(environment), tokenCacheTime, ca };
  }
  const issuer = read("PLACEMENT_JWT_ISSUER", "--jwt-issuer", flags["jwt-issuer"]);
  const audience = read("PLACEMENT_JWT_AUDIENCE", "--jwt-audience", flags["jwt-audience"]);
  if (issuer === undefined || audience === undefined) {
    throw usage("--auth jwt needs --jwt-issuer and --jwt-audience");
  }
  const claims = read("PLACEMENT_JWT_CLAIMS", "--jwt-claims", flags["jwt-claims"]);
  return { kind: strategy, issuer, audience, claims, ca };
}

function missing(): never {
  throw usage("--auth keystone needs --keystone-url");
}

function credentialIn(environment: Environment): Credential {
  // An empty variable is an unset one.
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = credentialSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw usage(
    "--auth keystone needs a credential that may validate tokens: OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME, or OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET",
  );
}

function certificates(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw usage(`OS_CACERT cannot be read (${code}): '${path}'`);
  }
  if (holdsCertificates(text)) return text;
  throw usage(`OS_CACERT has to be a file of certificates as PEM: '${path}'`);
}
