/** Asks who calls, as the service's kind of tokens needs it. */
import type { Credentials } from "../../lib/client/http.ts";
import type { Config } from "./config.ts";
import { JwtSignIn } from "./jwt-sign-in.tsx";
import { KeystoneSignIn } from "./keystone-sign-in.tsx";

export interface SignInProps {
  readonly config: Config;
  readonly enter: (credentials: Credentials) => void;
}

export function SignIn({ config, enter }: SignInProps) {
  const { auth } = config;
  return (
    <main class="sign-in">
      <h1>Placement</h1>
      {auth.kind === "keystone" && <KeystoneSignIn url={auth.url} enter={enter} />}
      {auth.kind === "jwt" && <JwtSignIn auth={auth} enter={enter} />}
    </main>
  );
}
