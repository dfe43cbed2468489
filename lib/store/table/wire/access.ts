/** Where DynamoDB or another service is, and who calls it: by the environment that Lambda gives each function. */

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Access {
  /** A URL, without a path. */
  readonly endpoint: string;
  readonly region: string;
  /**
   * A function is called for each request, so that it may renew them. Undefined: requests are not
   * signed, as an engine on the same machine accepts them.
   */
  readonly credentials: Credentials | (() => Promise<Credentials>) | undefined;
}

export interface SignedAccess extends Access {
  readonly credentials: Credentials | (() => Promise<Credentials>);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The domain of each partition by the first part of its regions; of all others
 * `amazonaws.com`. Source: the AWS SDK's partitions, to which a test compares these.
 */
const DOMAINS: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^eusc-/, "amazonaws.eu"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
];

/** A region becomes a part of a host's name. */
const REGION = /^[a-z0-9-]{1,40}$/;

/** A service by the first part of its host, and by the variable that names another endpoint. */
export interface AwsService {
  readonly host: string;
  readonly variable: string;
}

const DYNAMODB: AwsService = { host: "dynamodb", variable: "AWS_ENDPOINT_URL_DYNAMODB" };

/**
 * Reads `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. The
 * endpoint is the region's, with `AWS_USE_FIPS_ENDPOINT` its FIPS endpoint, unless
 * the variable of the service, as `AWS_ENDPOINT_URL_DYNAMODB`, or `AWS_ENDPOINT_URL` names another and
 * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` does not forbid it.
 *
 * @throws Error if the region is missing
 */
export function environmentAccess(
  environment: Environment,
  service: AwsService = DYNAMODB,
): SignedAccess {
  const region = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "";
  if (!REGION.test(region)) throw new Error("AWS_REGION has to name a region");
  const endpoint =
    configuredEndpoint(environment, service) ?? regionalEndpoint(region, environment, service);
  return { endpoint, region, credentials: async () => environmentCredentials(environment) };
}

function configuredEndpoint(
  environment: Environment,
  { variable }: AwsService,
): string | undefined {
  if (environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true") return undefined;
  return environment[variable] || environment["AWS_ENDPOINT_URL"] || undefined;
}

function regionalEndpoint(region: string, environment: Environment, { host }: AwsService): string {
  const service = environment["AWS_USE_FIPS_ENDPOINT"] === "true" ? `${host}-fips` : host;
  const [, domain] = DOMAINS.find(([regions]) => regions.test(region)) ?? [];
  return `https://${service}.${region}.${domain ?? "amazonaws.com"}`;
}

function environmentCredentials(environment: Environment): Credentials {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
