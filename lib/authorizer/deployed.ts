/** The authenticators of deployed authorizers, configured by their environment. */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { consoleLog } from "../api/console-log.ts";
import { systemClock } from "../api/system-clock.ts";
import type { Clock } from "../model/clock.ts";
import type { Authenticate } from "./authenticator.ts";
import { jwt, keystone } from "./build.ts";
import { CALL_TIMEOUT, jwtEnvironment, keystoneEnvironment } from "./configuration.ts";
import { keptCredential } from "./keystone/credential.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The text of a secret. */
export type ReadSecret = (arn: string) => Promise<string>;

/** @throws z.ZodError for an invalid setting */
export function deployedKeystone(
  environment: Environment,
  read: ReadSecret = secretsManager(),
  clock: Clock = systemClock,
): Authenticate {
  const parsed = keystoneEnvironment.parse(environment);
  const { KEYSTONE_URL: url, KEYSTONE_SECRET_ARN: arn, TOKEN_CACHE_TIME: tokenCacheTime } = parsed;
  const credential = keptCredential(() => read(arn), clock);
  return keystone({ url, credential, tokenCacheTime }, { clock, log: consoleLog });
}

/** @throws z.ZodError for an invalid setting */
export function deployedJwt(environment: Environment): Authenticate {
  const parsed = jwtEnvironment.parse(environment);
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_CLAIMS: claims } = parsed;
  return jwt({ issuer, audience, claims }, { clock: systemClock, log: consoleLog });
}

function secretsManager(): ReadSecret {
  let client: SecretsManagerClient | undefined;
  return async (arn) => {
    client ??= new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: CALL_TIMEOUT / 2,
        requestTimeout: CALL_TIMEOUT,
        throwOnRequestTimeout: true,
      },
    });
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return SecretString ?? "";
  };
}
