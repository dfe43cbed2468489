/** The local server in this process, on a connection that a benchmark looks into. */
import { refuseUnrouted } from "../../../functions/fallback/refuse.ts";
import { operations } from "../../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../../lib/api/configuration.ts";
import type { Runtime } from "../../../lib/api/runtime.ts";
import { ROOT } from "../../../lib/local/base-path.ts";
import { localRuntime } from "../../../lib/local/runtime.ts";
import { startServer } from "../../../lib/local/server.ts";
import type { Connection } from "../../../lib/store/table/connection.ts";
import { Load } from "./peer/load.ts";

export interface Service {
  readonly load: Load;
  readonly runtime: Runtime;
}

/** Nothing is cached when `use` begins. */
export async function withService<T>(
  connection: Connection,
  use: (service: Service) => Promise<T>,
): Promise<T> {
  const configuration = DEFAULT_CONFIGURATION;
  const runtime = localRuntime({ connection, configuration, log: () => {} });
  const parts = { operations, fallback: refuseUnrouted, runtime, mount: ROOT };
  const server = await startServer({ ...parts, allowedHosts: [], port: 0 });
  const load = new Load(server.url);
  try {
    return await use({ load, runtime });
  } finally {
    load.rest();
    await server.close();
  }
}
