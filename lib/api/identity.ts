/** The caller, as policy rules see it. */
export interface Identity {
  readonly user: string;
  readonly project: string | undefined;
  readonly roles: readonly string[];
  /** The request is scoped to the system, not to a project. */
  readonly system: boolean;
}

/** What identifies a caller: the headers (names in lower case) and API Gateway's authorizer. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly authorizer: unknown;
}

/**
 * Turns credentials into an identity; undefined leads to 401. Further identity services
 * (Keystone, JWT) plug in here.
 */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;
