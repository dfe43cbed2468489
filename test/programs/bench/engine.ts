/** A table on an embedded engine of its own. */
import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { dynoxide, type Engine, findEngine, startEngine } from "../../../lib/local/engine.ts";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import type { Connection } from "../../../lib/store/table/connection.ts";
import { connectBySdk } from "../../../lib/store/table/sdk-client.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";
import { descendantsOf } from "../../support/processor-time.mjs";

const TABLE = "bench";

export interface BenchTable {
  /** The engine's URL. */
  readonly endpoint: string;
  /** As functions have it. */
  readonly connection: Connection;
  /** By the SDK. */
  readonly reference: Connection;
  /** For writing items directly. */
  readonly documents: { readonly client: DynamoDBDocumentClient; readonly tableName: string };
}

const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, "utf8").trim();

/** An engine whose processor time can be read: the process that it runs in. */
export async function startCountedEngine(): Promise<{ engine: Engine; pid: number }> {
  const before = new Set(descendantsOf(process.pid));
  const engine = await startEngine(dynoxide(findEngine(process.env)));
  const started = descendantsOf(process.pid).filter((pid) => !before.has(pid));
  const pid = started.find((each) => nameOf(each).startsWith("dynoxide"));
  if (pid === undefined) throw new Error("the engine's process is not found");
  return { engine, pid };
}

export async function withTable(use: (table: BenchTable) => Promise<void>): Promise<void> {
  const engine = await startEngine(dynoxide(findEngine(process.env)));
  try {
    const config = clientConfig(engine.endpoint, {});
    await ensureTable(config, TABLE);
    const connection = connect(TABLE, config, systemClock);
    const reference = connectBySdk(TABLE, config);
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(config));
    const { endpoint } = engine;
    await use({ endpoint, connection, reference, documents: { client, tableName: TABLE } });
    for (const each of [connection.client, reference.client, client]) each.destroy();
  } finally {
    await engine.stop();
  }
}
