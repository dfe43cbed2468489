/** `npm run start:deployed`: the deployment, played until a signal ends it. */
import { synthesised } from "./assembly/synthesise.ts";
import { credentialsFor } from "./credentials.ts";
import { playDeployment } from "./deployment.ts";
import { HELP, parseOptions } from "./options.ts";

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const { endpoint, port, policy, logs, settings } = options;
  const folder = await synthesised(settings);
  const deployment = await playDeployment({
    folder,
    policy,
    logs,
    onRefused: (refused) => console.error(`refused: ${JSON.stringify(refused)}`),
  });
  const end = () => void deployment.close().then(() => process.exit(0));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
  const kind = endpoint ?? "keystone";
  const { url } = await deployment.serve(kind, { port, shim: endpoint === undefined });
  if (endpoint !== undefined) {
    for (const line of await credentialsFor(deployment, endpoint)) console.log(line);
  }
  // The last line: by then all of it is there.
  console.log(`Placement API on ${url}, as deployed, by its ${kind} endpoint`);
}

await main();
