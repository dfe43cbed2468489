/** What the console is told of its surroundings, in `config.json` beside its page. */

export type ConsoleAuth =
  /** Callers are believed. */
  | { readonly kind: "none" }
  /** Users sign in at Keystone, or have a token of it. */
  | { readonly kind: "keystone"; readonly url: string }
  /** Users sign in at the issuer: the code flow of OpenID Connect, with PKCE. */
  | {
      readonly kind: "jwt";
      readonly issuer: string;
      readonly clientId: string;
      readonly audience?: string;
      readonly scopes: readonly string[];
    };

export interface ConsoleConfig {
  /** The path or URL of the API, with a slash at its end. */
  readonly api: string;
  readonly auth: ConsoleAuth;
  /** The URL of a dashboard that has what the API cannot tell; null: there is none. */
  readonly dashboard: string | null;
}

export const DEFAULT_SCOPES: readonly string[] = ["openid"];

/** The origins that pages of a console with such callers have to reach. */
export function originsFor(auth: ConsoleAuth): string[] {
  if (auth.kind === "none") return [];
  return [new URL(auth.kind === "keystone" ? auth.url : auth.issuer).origin];
}

/** Whether browsers send the text as an origin: it may stand in a policy as it is. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
