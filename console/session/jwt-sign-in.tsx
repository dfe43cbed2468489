/** Sign-in at an issuer of tokens: there by a button, back with a code. */
import { useEffect, useState } from "preact/hooks";
import type { Credentials } from "../../lib/client/http.ts";
import { bearer } from "../../lib/client/tokens.ts";
import { Problem } from "../parts/problem.tsx";
import { Busy } from "../parts/states.tsx";
import type { AuthConfig } from "./config.ts";
import { begin, discover, pendingOf, redeem, type Surroundings } from "./pkce.ts";
import { type Returned, takeReturned } from "./returned.ts";

interface Props {
  readonly auth: Extract<AuthConfig, { kind: "jwt" }>;
  readonly enter: (credentials: Credentials) => void;
}

const surroundings = (): Surroundings => ({
  fetch: (input, init) => fetch(input, init),
  storage: sessionStorage,
  page: new URL(location.pathname, location.origin).href,
});

export function JwtSignIn({ auth, enter }: Props) {
  const [returned] = useState(takeReturned);
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(returned !== undefined);
  const run = (act: () => Promise<void>) => {
    setIsBusy(true);
    setError(undefined);
    act().catch((problem: unknown) => {
      setError(problem);
      setIsBusy(false);
    });
  };
  useEffect(() => {
    if (returned !== undefined) run(async () => enter(bearer(await tokenFor(auth, returned))));
  }, []);
  const leave = async () => {
    const around = surroundings();
    const endpoints = await discover(around.fetch, auth.issuer);
    location.assign(await begin(auth, endpoints, around, location.hash));
  };
  return (
    <section class="panel stack" aria-label="Sign in">
      <p>You sign in at {new URL(auth.issuer).host}. The token stays in the memory of this page.</p>
      {error !== undefined && <Problem error={error} />}
      {isBusy ? (
        <Busy>Signing in…</Busy>
      ) : (
        <button type="button" class="primary" onClick={() => run(leave)}>
          Sign in
        </button>
      )}
    </section>
  );
}

async function tokenFor(auth: Props["auth"], returned: Returned): Promise<string> {
  if (returned.error !== undefined) throw new Error(`the issuer refuses: ${returned.error}`);
  const around = surroundings();
  const pending = pendingOf(around.storage, returned.state);
  if (pending === undefined) throw new Error("this sign-in was not begun here: begin again");
  const endpoints = await discover(around.fetch, auth.issuer);
  const token = await redeem(auth, endpoints, around, returned.code, pending.verifier);
  if (pending.hash !== "") location.hash = pending.hash;
  return token;
}
