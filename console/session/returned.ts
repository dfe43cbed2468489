/** What the issuer put into the address on the way back. */

export interface Returned {
  readonly code: string;
  readonly state: string;
  readonly error: string | undefined;
}

/** It leaves the address at once, so that neither the browser's history nor a referrer keeps it. */
export function takeReturned(): Returned | undefined {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get("code");
  const error = parameters.get("error") ?? undefined;
  const state = parameters.get("state");
  if (state === null || (code === null && error === undefined)) return undefined;
  history.replaceState(null, "", `${location.pathname}${location.hash}`);
  return { code: code ?? "", state, error };
}
