/** A table on an embedded engine of its own. */
import { dynoxide, findEngine, startEngine } from "../../../lib/local/engine.ts";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { type Connection, connect } from "../../../lib/store/table/connection.ts";

const TABLE = "bench";

export async function withTable(use: (connection: Connection) => Promise<void>): Promise<void> {
  const engine = await startEngine(dynoxide(findEngine(process.env)));
  try {
    const config = clientConfig(engine.endpoint, {});
    await ensureTable(config, TABLE);
    const connection = connect(TABLE, config);
    await use(connection);
    connection.client.destroy();
  } finally {
    await engine.stop();
  }
}
