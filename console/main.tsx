/** Begins the console: who is asked depends on what `config.json` says. */
import { render } from "preact";
import { Problem } from "./parts/problem.tsx";
import { followScheme } from "./parts/scheme.ts";
import { readConfig } from "./session/config.ts";
import { Session } from "./session/session.tsx";
import { followHash } from "./views/navigation.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the console");
followScheme();
followHash();
try {
  const config = await readConfig(fetch, document.baseURI);
  render(<Session config={config} />, root);
} catch (error) {
  render(<Problem error={error} again={() => location.reload()} />, root);
}
