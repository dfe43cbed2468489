/** What the construct `PlacementConsole` can be given. */
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { EndpointKind } from "../endpoints/props.ts";
import type { PlacementApi } from "../placement-api.ts";

export type ConsoleEndpoint = Exclude<EndpointKind, "iam">;

export interface ConsoleOptions {
  /** The endpoint whose callers its users are. Default: the first whose callers have tokens. */
  readonly endpoint?: ConsoleEndpoint | undefined;
  /** At the issuer of a jwt endpoint, the public client that the console is. */
  readonly clientId?: string | undefined;
  /** What it asks the issuer for. Default: `openid`. */
  readonly scopes?: readonly string[] | undefined;
  /** Origins that its pages may call besides Keystone's or the issuer's, where it gives tokens elsewhere. */
  readonly connect?: readonly string[] | undefined;
  /** A domain name of its own. Default: CloudFront's. */
  readonly domainName?: string | undefined;
}

export interface PlacementConsoleProps extends ConsoleOptions {
  readonly placement: PlacementApi;
  /** Of its domain name, in us-east-1, where CloudFront looks for it. */
  readonly certificate?: ICertificate | undefined;
  /** The URL of a dashboard to which the console links. Default: it links to none. */
  readonly dashboard?: string | undefined;
  /** The folder of the built console. Default: that of this project. */
  readonly folder?: string | undefined;
}
