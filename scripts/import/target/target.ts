/** The table that an import reads and writes. */
import { existsSync } from "node:fs";
import type { Configuration } from "../../../lib/api/configuration.ts";
import { systemClock } from "../../../lib/api/system-clock.ts";
import type { Storage } from "../../../lib/local/options.ts";
import { localRuntime } from "../../../lib/local/runtime.ts";
import {
  type Closers,
  openStorage,
  prepareTable,
  type TableLocation,
} from "../../../lib/local/storage.ts";
import { clientConfig, tableStatus } from "../../../lib/local/table.ts";
import { upgradeAtStart } from "../../../lib/local/upgrade.ts";
import type { Content } from "../../../lib/model/content/content.ts";
import { readContent } from "../../../lib/store/importing/read-content.ts";
import type { Planner, Store } from "../../../lib/store/store.ts";
import { WRITING } from "../../../lib/store/table/connection.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";

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
  /** The table is only compared: none is made, and none is upgraded. */
  readonly readOnly: boolean;
  readonly tell: (line: string) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

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
  if (isNew || !options.readOnly) await prepareTable(location);
  const access = clientConfig(location.endpoint, environment);
  const connection = connect(location.tableName, access, systemClock);
  closers.push(async () => connection.client.destroy());
  const runtime = localRuntime({ connection, configuration: options.configuration });
  if (!options.readOnly) await upgradeAtStart(location, runtime, { asked: false, ...options });
  const open = () => runtime.openStore({ access: WRITING, deadline: runtime.clock.now() + LIMIT });
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

async function locate(
  { storage, readOnly }: TargetOptions,
  environment: Environment,
  closers: Closers,
): Promise<Located> {
  if (readOnly && !(await exists(storage, environment))) {
    const location = await openStorage({ kind: "memory" }, closers);
    return { location: { ...location, words: "a table that does not exist yet" }, isNew: true };
  }
  return { location: await openStorage(storage, closers), isNew: false };
}

async function exists(storage: Storage, environment: Environment): Promise<boolean> {
  if (storage.kind === "memory") return false;
  if (storage.kind === "folder") return existsSync(storage.folder);
  const access = clientConfig(storage.endpoint, environment);
  return (await tableStatus(access, storage.tableName)) !== undefined;
}
