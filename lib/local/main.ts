/** `npm start`: the whole service on one's own machine. */
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { consoleLog } from "../api/console-log.ts";
import type { Log, Runtime } from "../api/runtime.ts";
import { systemClock } from "../api/system-clock.ts";
import type { TokenEndpoint } from "./authorize.ts";
import { connectTo, removeLeftAttempts } from "./connections.ts";
import { builtConsole, consoleLine } from "./console/built.ts";
import type { ConsoleParts } from "./console/site.ts";
import type { LocalFeedWatch } from "./events/feed-watch.ts";
import { feedLeft } from "./events/feeder.ts";
import { localFeed } from "./events/local-feed.ts";
import { HELP } from "./help.ts";
import { identityService } from "./identity-service.ts";
import { fromLevel } from "./log-level.ts";
import type { Watch } from "./metrics/requests.ts";
import { serverMetrics } from "./metrics/server-metrics.ts";
import { type Options, parseOptions } from "./options.ts";
import {
  startDeleting,
  startFinishing,
  startPageWriting,
  startReleasing,
} from "./recurring-tasks.ts";
import { localRuntime } from "./runtime.ts";
import { type LocalServer, startServer } from "./server.ts";
import { untilSignal } from "./signals.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";
import { type Closers, openStorage, prepareTable } from "./storage.ts";
import { upgradeAtStart } from "./upgrade.ts";

interface Surroundings {
  readonly endpoint: TokenEndpoint | undefined;
  readonly watch: Watch;
  readonly console: ConsoleParts | undefined;
}

async function listen(
  options: Options,
  runtime: Runtime,
  { endpoint, watch, console: own }: Surroundings,
): Promise<LocalServer> {
  try {
    const { port, listen: host, limits, mount } = options;
    const parts = { operations, fallback: refuseUnrouted, runtime, mount, limits, watch };
    // A page that reaches the server by a name of its own has no token to show.
    const any = endpoint !== undefined && options.allowedHosts.length === 0;
    const allowedHosts = any ? "all" : options.allowedHosts;
    const given = { ...(endpoint && { endpoint }), ...(own && { console: own }) };
    return await startServer({ ...parts, ...given, port, host, allowedHosts });
  } catch (error) {
    const reason = reasonOf(error);
    const what = reason === "EADDRINUSE" ? "is in use" : `cannot be opened (${reason})`;
    if (reason === "EADDRNOTAVAIL") {
      throw new StartFailure(`this machine has no address ${options.listen}: see --listen`);
    }
    throw new StartFailure(`port ${options.port} ${what}: choose another port with --port`);
  }
}

async function serve(options: Options, closers: Closers, stop: Promise<void>): Promise<void> {
  const location = await openStorage(options.storage, closers);
  await prepareTable(location);
  const metrics = serverMetrics();
  const { configuration, logLevel } = options;
  const log = metrics.counted(fromLevel(logLevel, consoleLog));
  const connection = metrics.measured(connectTo(location, { log }));
  const { identify, endpoint } = identityService(options.auth, { clock: systemClock, log });
  const own = { ownMetrics: metrics.text, ownRequests: metrics.requests };
  const {
    feed,
    pending,
    start: startFeeding,
  } = localFeed(configuration, options.limits.running, connection);
  const parts = { connection, configuration, identify, log, feed, pending, ...own };
  const runtime = localRuntime(parts);
  await upgradeAtStart(location, runtime, { asked: options.upgrade, tell: console.log });
  await removeLeftAttempts(location, connection, runtime);
  if (pending !== undefined) await feedLeft(runtime);
  const site = builtConsole(options.console);
  const around = { endpoint, watch: metrics.watch, console: site };
  const server = await listen(options, runtime, around);
  const alone = location.engine !== undefined;
  closers.push(startFinishing(runtime), startPageWriting(runtime), startDeleting(runtime));
  closers.push(startReleasing(runtime, alone));
  if (pending !== undefined) closers.push(startFeeding(runtime).stop);
  closers.push(() => end(server, { log, feed }));
  const url = `${server.url}${options.mount.basePath}`;
  console.log(`Placement API on ${url}, data in ${location.words}`);
  if (site !== undefined) console.log(consoleLine(site, url));
  const died = location.engine?.died.then((reason) => {
    throw new StartFailure(`the DynamoDB engine ended (${reason}): start the server again`);
  });
  await Promise.race([stop, ...(died === undefined ? [] : [died])]);
}

interface Served {
  readonly log: Log;
  readonly feed: LocalFeedWatch;
}

/** Lets running requests end, within the grace period. */
async function end(server: LocalServer, { log, feed }: Served): Promise<void> {
  feed.end();
  log({ level: "INFO", message: "stopping", running: server.running });
  const cut = await server.close();
  if (cut === 0) log({ level: "INFO", message: "stopped" });
  else log({ level: "WARN", message: "requests were cut off by the end of the grace period", cut });
}

/** Resolves with the exit status. */
async function main(): Promise<number> {
  const closers: Closers = [];
  const stop = untilSignal((status) => process.exit(status));
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
