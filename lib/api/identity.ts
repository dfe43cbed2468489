/** Who calls, as far as policy rules ask. */
export interface Identity {
  readonly user: string;
  readonly project: string | undefined;
  readonly roles: readonly string[];
  /** The request is scoped to the system, not to a project. */
  readonly system: boolean;
}

/** What an identity is made from: the headers (names in lower case) and API Gateway's authorizer. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly authorizer: unknown;
}

/**
 * Turns credentials into an identity; undefined is answered 401. This is the
 * seam for further identity services (Keystone, JWT).
 */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;
