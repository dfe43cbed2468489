/**
 * The endpoints of a stack: each is an API of its own over the same functions, since a
 * route of API Gateway takes one authorizer only.
 */
import type { Duration } from "aws-cdk-lib";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { ISecurityGroup, IVpc, IVpcEndpoint, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { PolicyDocument } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { EndpointKind } from "../../lib/api/endpoint.ts";
import type { Claims } from "../../lib/authorizer/jwt/claims.ts";

export type { EndpointKind };

/** Where an endpoint is served. */
export interface PlaceProps {
  /**
   * The path below which clients reach the API, for links: `/placement`. Default: the
   * mapping key of the domain, the stage of a REST API without a domain, else none.
   */
  readonly basePath?: string | undefined;
  /** A custom domain name, in the region of the stack. Endpoints may share it by mapping keys. */
  readonly domainName?: string | undefined;
  /** The certificate of the domain name, in the region of the stack. */
  readonly certificate?: ICertificate | undefined;
  /** The path of this API on the domain, without the first slash. Default: that of `basePath`. */
  readonly mappingKey?: string | undefined;
  /** Whether API Gateway's own host name is switched off, which needs a domain. Default: false. */
  readonly disableExecuteApiEndpoint?: boolean | undefined;
  /** A REST API in place of an HTTP API; costs more, and takes the settings below. Default: false. */
  readonly rest?: boolean | undefined;
  /** A REST API that is reached through these VPC endpoints for `execute-api` and no other way. */
  readonly private?: { readonly vpcEndpoints: readonly IVpcEndpoint[] } | undefined;
  /** The ARN of a web ACL of AWS WAF (regional), for a REST API. */
  readonly webAclArn?: string | undefined;
  /** The resource policy of a public REST API. Default: none. */
  readonly resourcePolicy?: PolicyDocument | undefined;
}

/** The function that validates tokens. */
export interface AuthorizerProps {
  /**
   * How long API Gateway keeps an authorizer's answer, up to one hour. It then keeps an outage and
   * an expired token too, and itself answers 401 to requests without a token. Default: not at all.
   */
  readonly authorizerCache?: Duration | undefined;
  /** Megabytes. Default: 1,024. */
  readonly memorySize?: number | undefined;
  /** Concurrent invocations that are reserved, and the maximum. Default: none are reserved. */
  readonly reservedConcurrency?: number | undefined;
  /** The VPC from which Keystone or the issuer is reached. Default: none, the Internet. */
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
  /** PEM certificates of authorities to trust besides the usual ones. */
  readonly ca?: string | undefined;
}

/** Callers sign with SigV4; `callers` maps principals of IAM to Placement's roles. */
export interface IamEndpointProps extends PlaceProps {
  readonly kind: "iam";
}

/** Callers send tokens of Keystone in `X-Auth-Token`. */
export interface KeystoneEndpointProps extends PlaceProps, AuthorizerProps {
  readonly kind: "keystone";
  /** Of Keystone, with its version: `https://keystone.example/v3`. */
  readonly url: string;
  /** The credential with which tokens are validated: JSON under the names of `OS_…` variables. */
  readonly secret: ISecret;
  /** How long a token's answer is relied on. Default: 300 seconds. */
  readonly tokenCacheTime?: Duration | undefined;
}

/** Callers send tokens of an OpenID Connect issuer in `Authorization: Bearer`. */
export interface JwtEndpointProps extends PlaceProps, AuthorizerProps {
  readonly kind: "jwt";
  readonly issuer: string;
  readonly audience: string;
  /** Which claims say user, project and roles. */
  readonly claims?: Partial<Claims> | undefined;
}

export type TokenEndpointProps = KeystoneEndpointProps | JwtEndpointProps;
export type EndpointProps = IamEndpointProps | TokenEndpointProps;

export const DEFAULT_ENDPOINTS: readonly EndpointProps[] = [{ kind: "iam" }];

/** Whether an endpoint is a REST API, which alone can be private. */
export function isRest({ rest, private: hidden }: PlaceProps): boolean {
  return rest === true || hidden !== undefined;
}

/** The stage of a REST API, a part of its URL on API Gateway's own host name. */
export const REST_STAGE = "placement";

/** The path of this API on its domain; undefined for the whole domain. */
export function mappingKeyOf({ mappingKey, basePath }: PlaceProps): string | undefined {
  return mappingKey ?? basePath?.slice(1);
}

/** The path below which clients reach the API: `/placement`, or "". */
export function basePathOf(place: PlaceProps): string {
  if (place.basePath !== undefined) return place.basePath;
  if (place.domainName !== undefined) {
    return place.mappingKey === undefined ? "" : `/${place.mappingKey}`;
  }
  return isRest(place) ? `/${REST_STAGE}` : "";
}
