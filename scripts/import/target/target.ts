/** The table that an import reads and writes. */
import { existsSync } from "node:fs";
import type { Configuration } from "../../../lib/api/configuration.ts";
import type { Environment } from "../../../lib/local/command-options.ts";
import { connectTo, removeLeftAttempts } from "../../../lib/local/connections.ts";
import { tableFile } from "../../../lib/local/data-folder.ts";
import { pendingOf } from "../../../lib/local/events/local-feed.ts";
import type { Storage } from "../../../lib/local/options.ts";
import { localRuntime } from "../../../lib/local/runtime.ts";
import { reasonOf, StartFailure, usage } from "../../../lib/local/start-failure.ts";
import {
  type Closers,
  openStorage,
  prepareTable,
  requireTable,
  type TableLocation,
} from "../../../lib/local/storage.ts";
import { clientConfig, tableStatus } from "../../../lib/local/table.ts";
import { upgradeAtStart } from "../../../lib/local/upgrade.ts";
import type { Content } from "../../../lib/model/content/content.ts";
import type { Author } from "../../../lib/model/history/event.ts";
import { readContent } from "../../../lib/store/importing/read-content.ts";
import type { Planner, Store } from "../../../lib/store/store.ts";
import { WRITING } from "../../../lib/store/table/connection.ts";

/** Milliseconds for one change, or one part of the reading. */
const LIMIT = 60_000;

export interface Target {
  /** For people: where the table is. */
  readonly words: string;
  read(): Promise<Content>;
  /** @throws the refusals of the store */
  change<T>(plan: (store: Store) => Planner<T>): Promise<T>;
}

export interface TargetOptions {
  readonly storage: Storage;
  readonly configuration: Configuration;
  /**
   * `none`: the table has to be there, and is only read; `planned`: the same, but one that is
   * absent is taken for an empty one.
   */
  readonly writes: "all" | "planned" | "none";
  readonly tell: (line: string) => void;
}

/**
 * A data folder is locked until `closers` have run, so that no server uses it meanwhile.
 * @throws StartFailure
 */
export async function openTarget(
  options: TargetOptions,
  environment: Environment,
  closers: Closers,
): Promise<Target> {
  const { location, isNew } = await locate(options, environment, closers);
  const writes = options.writes === "all";
  if (isNew || writes) await prepareTable(location);
  const connection = connectTo(location, { environment });
  closers.push(async () => connection.client.destroy());
  const { configuration } = options;
  const pending = pendingOf(location, configuration);
  const runtime = localRuntime({ connection, configuration, pending });
  if (writes) {
    await upgradeAtStart(location, runtime, { asked: false, ...options });
    await removeLeftAttempts(location, connection, runtime);
  }
  const author: Author = { caller: null, requestId: null, cause: "import" };
  const open = () =>
    runtime.openStore({ access: WRITING, deadline: runtime.clock.now() + LIMIT, author });
  return {
    words: location.words,
    read: () => readContent(open),
    change: (plan) => {
      const store = open();
      return store.change(plan(store));
    },
  };
}

interface Located {
  readonly location: TableLocation;
  /** An empty table in memory, in place of one that is absent and not to be made. */
  readonly isNew: boolean;
}

/** @throws StartFailure if there is no table to compare */
async function locate(
  { storage, writes }: TargetOptions,
  environment: Environment,
  closers: Closers,
): Promise<Located> {
  if (writes === "all") return { location: await openStorage(storage, closers), isNew: false };
  if (writes === "none" || (await exists(storage, environment))) {
    if (storage.kind === "folder" && !existsSync(tableFile(storage.folder))) {
      throw usage(`there is no table in the folder ${storage.folder}: name another with --data`);
    }
    const location = await openStorage(storage, closers);
    await requireTable(location);
    return { location, isNew: false };
  }
  const location = await openStorage({ kind: "memory" }, closers);
  return { location: { ...location, words: "a table that does not exist yet" }, isNew: true };
}

/** @throws StartFailure if it cannot be told */
async function exists(storage: Storage, environment: Environment): Promise<boolean> {
  if (storage.kind === "memory") return false;
  if (storage.kind === "folder") return existsSync(tableFile(storage.folder));
  const { endpoint, tableName } = storage;
  try {
    return (await tableStatus(clientConfig(endpoint, environment), tableName)) !== undefined;
  } catch (error) {
    throw new StartFailure(
      `the table ${tableName} at ${endpoint} cannot be read (${reasonOf(error)}): check DYNAMODB_ENDPOINT, TABLE_NAME and the credentials`,
    );
  }
}
