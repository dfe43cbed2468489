/** Opens the table that the options name: a data folder, memory, or a DynamoDB elsewhere. */
import { openDataFolder } from "./data-folder.ts";
import { dynoxide, type Engine, findEngine, startEngine } from "./engine.ts";
import type { Storage } from "./options.ts";
import { DEFAULT_TABLE } from "./settings.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";
import { clientConfig, ensureTable, tableStatus } from "./table.ts";

/** What to end, in the order in which it was started. */
export type Closers = (() => Promise<void>)[];

/** Where the table is. */
export interface TableLocation {
  readonly endpoint: string;
  readonly tableName: string;
  /** For people: where the data is kept. */
  readonly words: string;
  readonly engine: Engine | undefined;
}

export async function openStorage(storage: Storage, closers: Closers): Promise<TableLocation> {
  if (storage.kind === "endpoint") {
    const { endpoint, tableName } = storage;
    return { endpoint, tableName, words: `table ${tableName} at ${endpoint}`, engine: undefined };
  }
  const program = findEngine(process.env);
  let file: string | undefined;
  let words = "memory only: it is lost when the server stops";
  if (storage.kind === "folder") {
    const folder = await openDataFolder(storage.folder);
    closers.push(() => folder.release());
    file = folder.file;
    words = `folder ${storage.folder}`;
  }
  const engine = await startEngine(dynoxide(program, file));
  closers.push(() => engine.stop());
  return { endpoint: engine.endpoint, tableName: DEFAULT_TABLE, words, engine };
}

export async function prepareTable({ endpoint, tableName, engine }: TableLocation): Promise<void> {
  try {
    await ensureTable(clientConfig(endpoint, process.env), tableName);
  } catch (error) {
    const advice = engine === undefined ? "check DYNAMODB_ENDPOINT and TABLE_NAME" : "try again";
    throw new StartFailure(
      `the table ${tableName} at ${endpoint} cannot be used (${reasonOf(error)}): ${advice}`,
    );
  }
}

/**
 * A table that is there, and is not made.
 * @throws StartFailure
 */
export async function requireTable({ endpoint, tableName }: TableLocation): Promise<void> {
  let status: string | undefined;
  try {
    status = await tableStatus(clientConfig(endpoint, process.env), tableName);
  } catch (error) {
    throw new StartFailure(
      `the table ${tableName} at ${endpoint} cannot be read (${reasonOf(error)}): check DYNAMODB_ENDPOINT, TABLE_NAME and the credentials`,
    );
  }
  if (status !== undefined) return;
  throw new StartFailure(`there is no table ${tableName} at ${endpoint}: check TABLE_NAME`);
}
