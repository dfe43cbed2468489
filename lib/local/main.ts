/** `npm start`: the whole service on one's own machine. */
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { connect } from "../store/connection.ts";
import { openDataFolder } from "./data-folder.ts";
import { dynoxide, type Engine, findEngine, startEngine } from "./engine.ts";
import { DEFAULT_TABLE, HELP, type Options, parseOptions, type Storage } from "./options.ts";
import { localRuntime } from "./runtime.ts";
import { type LocalServer, startServer } from "./server.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";
import { clientConfig, ensureTable } from "./table.ts";

/** What to end, in the order in which it was started. */
type Closers = (() => Promise<void>)[];

interface Place {
  readonly endpoint: string;
  readonly tableName: string;
  /** For people: where the data is kept. */
  readonly words: string;
  readonly engine: Engine | undefined;
}

async function openStorage(storage: Storage, closers: Closers): Promise<Place> {
  if (storage.kind === "endpoint") {
    const { endpoint, tableName } = storage;
    return { endpoint, tableName, words: `table ${tableName} at ${endpoint}`, engine: undefined };
  }
  const program = findEngine(process.env);
  let file: string | undefined;
  let words = "memory only: everything is lost when it stops";
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

async function prepareTable({ endpoint, tableName, engine }: Place): Promise<void> {
  try {
    await ensureTable(clientConfig(endpoint, process.env), tableName);
  } catch (error) {
    const advice = engine === undefined ? "check DYNAMODB_ENDPOINT and TABLE_NAME" : "try again";
    throw new StartFailure(
      `the table ${tableName} at ${endpoint} cannot be used (${reasonOf(error)}): ${advice}`,
    );
  }
}

async function listen(options: Options, place: Place): Promise<LocalServer> {
  const connection = connect(place.tableName, clientConfig(place.endpoint, process.env));
  const runtime = localRuntime({ connection, configuration: options.configuration });
  try {
    const { port, limits } = options;
    return await startServer({ operations, fallback: refuseUnrouted, runtime, port, limits });
  } catch (error) {
    const reason = reasonOf(error);
    const what = reason === "EADDRINUSE" ? "is in use" : `cannot be listened on (${reason})`;
    throw new StartFailure(`port ${options.port} ${what}: choose another one with --port`);
  }
}

async function serve(options: Options, closers: Closers, stop: Promise<void>): Promise<void> {
  const place = await openStorage(options.storage, closers);
  await prepareTable(place);
  const server = await listen(options, place);
  closers.push(() => server.close());
  console.log(`Placement API on ${server.url}, data in ${place.words}`);
  const died = place.engine?.died.then((reason) => {
    throw new StartFailure(`the DynamoDB engine ended (${reason}): start the server again`);
  });
  await Promise.race([stop, ...(died === undefined ? [] : [died])]);
}

/** Resolves with the exit status. */
async function main(): Promise<number> {
  const closers: Closers = [];
  const stop = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve());
    }
  });
  try {
    const options = parseOptions(process.argv.slice(2), process.env);
    if (options === undefined) process.stdout.write(HELP);
    else await serve(options, closers, stop);
    return 0;
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    process.stderr.write(`placement: ${error.message}\n`);
    return error.exitStatus;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

process.exit(await main());
