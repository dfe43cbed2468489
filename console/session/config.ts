/** What the console is told about its surroundings: `config.json`, beside it. */

export type AuthConfig =
  | { readonly kind: "none" }
  | { readonly kind: "keystone"; readonly url: string }
  | {
      readonly kind: "jwt";
      readonly issuer: string;
      readonly clientId: string;
      readonly audience?: string;
      readonly scopes: readonly string[];
    };

export interface Config {
  /** Of the API, absolute. */
  readonly api: string;
  readonly auth: AuthConfig;
  readonly dashboard: string | null;
}

export async function readConfig(fetch: typeof globalThis.fetch, base: string): Promise<Config> {
  const response = await fetch(new URL("config.json", base).href);
  if (!response.ok) throw new Error(`config.json is answered ${response.status}`);
  // The document is of the service itself, and is not checked again.
  const document = (await response.json()) as Config;
  return { ...document, api: new URL(document.api, base).href };
}
