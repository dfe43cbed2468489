/** Who calls: nobody is asked locally; else somebody signs in. Tokens are kept in memory alone. */
import { useEffect, useState } from "preact/hooks";
import type { Credentials } from "../../lib/client/http.ts";
import { authToken } from "../../lib/client/tokens.ts";
import { type App, startApp } from "../data/app.ts";
import { Shell } from "../views/shell.tsx";
import type { Config } from "./config.ts";
import { SignIn } from "./sign-in.tsx";

/** Other clients of a local server send the same. */
const LOCAL_TOKEN = "admin";

export function Session({ config }: { readonly config: Config }) {
  const isOpen = config.auth.kind === "none";
  const [credentials, setCredentials] = useState<Credentials | undefined>(
    isOpen ? authToken(LOCAL_TOKEN) : undefined,
  );
  if (credentials === undefined) return <SignIn config={config} enter={setCredentials} />;
  const signOut = isOpen ? undefined : () => setCredentials(undefined);
  return <Running {...{ config, credentials, signOut }} />;
}

interface RunningProps {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly signOut: (() => void) | undefined;
}

function Running({ config, credentials, signOut }: RunningProps) {
  const [app, setApp] = useState<App>();
  useEffect(() => {
    const started = startApp(config, credentials);
    setApp(started);
    return () => started.end();
  }, [config, credentials]);
  return app === undefined ? null : <Shell app={app} signOut={signOut} />;
}
