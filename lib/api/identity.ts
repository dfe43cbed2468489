/** The caller, as policy rules see it. */
import type { EndpointKind } from "./endpoint.ts";

export interface Identity {
  /** The endpoint that knows the caller; undefined of a direct caller and of the local server's headers. */
  readonly kind?: EndpointKind;
  readonly user: string;
  readonly project: string | undefined;
  readonly roles: readonly string[];
  /** The request is scoped to the system, not to a project. */
  readonly system: boolean;
  /** The domain to which the request is scoped instead of a project. */
  readonly domain?: string;
}

/**
 * What identifies a caller: the headers (names in lower case), the endpoint of the request, and
 * what API Gateway's authorizer reports.
 */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly endpoint: EndpointKind | undefined;
  readonly authorizer: unknown;
}

/**
 * Turns credentials into an identity; undefined leads to 401.
 * @throws IdentityUnavailable
 */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;
