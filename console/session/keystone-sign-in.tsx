/** Sign-in with Keystone: a password, for which Keystone gives a token, or a token as it is. */
import { useState } from "preact/hooks";
import type { Credentials } from "../../lib/client/http.ts";
import { keystone } from "../../lib/client/keystone.ts";
import { authToken } from "../../lib/client/tokens.ts";
import { Field } from "../parts/fields.tsx";
import { Problem } from "../parts/problem.tsx";

interface Props {
  readonly url: string;
  readonly enter: (credentials: Credentials) => void;
}

const EMPTY = {
  OS_USERNAME: "",
  OS_PASSWORD: "",
  OS_PROJECT_NAME: "",
  OS_USER_DOMAIN_NAME: "Default",
  OS_PROJECT_DOMAIN_NAME: "Default",
};

export function KeystoneSignIn({ url, enter }: Props) {
  const [given, setGiven] = useState(EMPTY);
  const [token, setToken] = useState("");
  const [error, setError] = useState<unknown>();
  const [isAsking, setIsAsking] = useState(false);
  const set = (name: keyof typeof EMPTY) => (value: string) =>
    setGiven({ ...given, [name]: value });
  const signIn = async (event: Event) => {
    event.preventDefault();
    setIsAsking(true);
    setError(undefined);
    try {
      const credentials = keystone({ url, credential: given });
      // A wrong password shows here, and not in every view.
      await credentials.headers({ method: "GET", url: new URL(url), headers: {}, body: undefined });
      enter(credentials);
    } catch (problem) {
      setError(problem);
      setIsAsking(false);
    }
  };
  const takeToken = (event: Event) => {
    event.preventDefault();
    enter(authToken(token.trim()));
  };
  return (
    <>
      <form class="panel stack" onSubmit={(event) => void signIn(event)}>
        <h2>Sign in with Keystone</h2>
        <Field
          label="User"
          value={given.OS_USERNAME}
          set={set("OS_USERNAME")}
          required
          autocomplete="username"
        />
        <Field
          label="Password"
          type="password"
          value={given.OS_PASSWORD}
          set={set("OS_PASSWORD")}
          required
          autocomplete="current-password"
        />
        <Field
          label="Project"
          value={given.OS_PROJECT_NAME}
          set={set("OS_PROJECT_NAME")}
          required
        />
        <details>
          <summary>Domains</summary>
          <div class="stack">
            <Field
              label="Domain of the user"
              value={given.OS_USER_DOMAIN_NAME}
              set={set("OS_USER_DOMAIN_NAME")}
            />
            <Field
              label="Domain of the project"
              value={given.OS_PROJECT_DOMAIN_NAME}
              set={set("OS_PROJECT_DOMAIN_NAME")}
            />
          </div>
        </details>
        {error !== undefined && <Problem error={error} />}
        <button type="submit" class="primary" disabled={isAsking}>
          {isAsking ? "Asking Keystone…" : "Sign in"}
        </button>
      </form>
      <form class="panel stack" onSubmit={takeToken}>
        <h2>Or paste a token</h2>
        <Field
          label="Token"
          type="password"
          value={token}
          set={setToken}
          hint="openstack token issue -f value -c id"
          required
        />
        <button type="submit">Use the token</button>
      </form>
      <p class="faint">
        Password and token stay in the memory of this page. Reloading it forgets them.
      </p>
    </>
  );
}
