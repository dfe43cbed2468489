/** What endpoints may be set to, checked before anything is bundled. */
import { Token } from "aws-cdk-lib";
import { holdsCertificates } from "../../lib/authorizer/certificates.ts";
import { jwtEnvironment, keystoneEnvironment } from "../../lib/authorizer/configuration.ts";
import { claimsSchema } from "../../lib/authorizer/jwt/claims.ts";
import { BadSettings } from "../bad-settings.ts";
import { checkBounds, STACK_BOUNDS } from "../bounds.ts";
import { authorizerEnvironment } from "./authorizer-environment.ts";
import { type EndpointProps, isRest, mappingKeyOf, type TokenEndpointProps } from "./props.ts";

/** What stage variables and mapping keys both accept. */
const SEGMENTS = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

/** @throws BadSettings */
export function checkEndpoints(endpoints: readonly EndpointProps[]): void {
  if (endpoints.length === 0) throw new BadSettings("endpoints is empty: nobody could call");
  refuseTwice(endpoints.map(({ kind }) => kind));
  const places = endpoints.filter(({ domainName }) => domainName !== undefined);
  refuseTwice(places.map((given) => `${given.domainName}/${mappingKeyOf(given) ?? ""}`));
  for (const endpoint of endpoints) {
    checkPlace(endpoint);
    if (endpoint.kind !== "iam") checkAuthorizer(endpoint);
  }
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadSettings(`endpoints has ${twice} twice`);
}

function checkPlace(endpoint: EndpointProps): void {
  const { kind, basePath, domainName, certificate, mappingKey, resourcePolicy } = endpoint;
  const refuse = (words: string): never => {
    throw new BadSettings(`endpoints: the ${kind} endpoint ${words}`);
  };
  if (basePath !== undefined && !(basePath.startsWith("/") && SEGMENTS.test(basePath.slice(1)))) {
    refuse("has a basePath that is not like /placement");
  }
  if (mappingKey !== undefined && !SEGMENTS.test(mappingKey)) {
    refuse("has a mappingKey that is not like placement");
  }
  if ((domainName === undefined) !== (certificate === undefined)) {
    refuse("needs domainName and certificate together");
  }
  if (domainName === undefined && mappingKey !== undefined)
    refuse("has a mappingKey, but no domainName");
  if (domainName === undefined && endpoint.disableExecuteApiEndpoint === true) {
    refuse("could not be reached: disableExecuteApiEndpoint needs a domainName");
  }
  if (!isRest(endpoint) && (endpoint.webAclArn ?? resourcePolicy) !== undefined) {
    refuse("needs rest for webAclArn and resourcePolicy, which HTTP APIs do not have");
  }
  if (endpoint.private === undefined) return;
  if (endpoint.private.vpcEndpoints.length === 0) refuse("is private, but has no VPC endpoint");
  if (domainName !== undefined) refuse("is private: its domain name belongs to the VPC's own DNS");
  if (resourcePolicy !== undefined) refuse("is private, which has a resource policy of its own");
}

function checkAuthorizer(endpoint: TokenEndpointProps): void {
  const { kind, authorizerCache, memorySize, reservedConcurrency } = endpoint;
  const { authorizerCache: cacheBounds, memorySize: memoryBounds } = STACK_BOUNDS;
  const name = (setting: string) => `endpoints: ${setting} of the ${kind} endpoint`;
  checkBounds(name("authorizerCache"), authorizerCache?.toSeconds(), cacheBounds);
  checkBounds(name("memorySize"), memorySize, memoryBounds);
  const { reservedConcurrency: reserved } = STACK_BOUNDS;
  checkBounds(name("reservedConcurrency"), reservedConcurrency, reserved);
  checkAuthorities(endpoint);
  checkEnvironment(endpoint);
}

/** A wrong file would leave the authorizer without a connection, at its first request. */
function checkAuthorities({ kind, ca }: TokenEndpointProps): void {
  if (ca === undefined || holdsCertificates(ca)) return;
  throw new BadSettings(`endpoints: the ca of the ${kind} endpoint has to be certificates as PEM`);
}

/** By the authorizers' own schemas; what only CloudFormation knows is not looked at. */
function checkEnvironment(endpoint: TokenEndpointProps): void {
  const refuse = (words: string): never => {
    throw new BadSettings(`endpoints: the ${endpoint.kind} endpoint is wrong. ${words}`);
  };
  if (endpoint.kind === "jwt" && !claimsSchema.safeParse(endpoint.claims ?? {}).success) {
    refuse("claims: names of claims for user, project and roles");
  }
  const environment = authorizerEnvironment(endpoint);
  const schema = endpoint.kind === "keystone" ? keystoneEnvironment : jwtEnvironment;
  const wrong = schema.safeParse(environment).error?.issues.filter(({ path: [name] }) => {
    return !Token.isUnresolved(environment[String(name)]);
  });
  const words = wrong?.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  if (words.length > 0) refuse(words.join("; "));
}
