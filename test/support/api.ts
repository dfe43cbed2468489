/** The whole API on a table of its own, for tests of behaviour. */

import { randomUUID } from "node:crypto";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { type Configuration, DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import type { Log, Runtime } from "../../lib/api/runtime.ts";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import type { AuthOptions } from "../../lib/local/auth-options.ts";
import { type Mount, ROOT } from "../../lib/local/base-path.ts";
import type { ConsoleParts } from "../../lib/local/console/site.ts";
import { localFeed } from "../../lib/local/events/local-feed.ts";
import { identityService } from "../../lib/local/identity-service.ts";
import type { ServerMetrics } from "../../lib/local/metrics/server-metrics.ts";
import { localRuntime } from "../../lib/local/runtime.ts";
import { startServer } from "../../lib/local/server.ts";
import { clientConfig, ensureTable } from "../../lib/local/table.ts";
import type { Clock, Random } from "../../lib/model/clock.ts";
import type { PendingWrites } from "../../lib/store/history/pending-writes.ts";
import { attemptSlots } from "../../lib/store/items/attempt.ts";
import type { Connection, HeldLogs } from "../../lib/store/table/connection.ts";
import { connectBySdk } from "../../lib/store/table/sdk-client.ts";
import { connect } from "../../lib/store/table/wire/client.ts";
import { testEndpoint } from "./engine.ts";
import { type HttpAnswer, HttpClient } from "./http-client.ts";
import type { Repeats } from "./repeats.ts";

/** Looks at a page each; far more than any test fills. */
const MAX_PAGES = 1_000;

export interface ApiOptions {
  readonly configuration?: Partial<Configuration>;
  /** Changes the server's connection, for example to make it fail. */
  readonly connection?: (connection: Connection) => Connection;
  /** How writes that are sent again are recognised. Default: by tokens, as on DynamoDB. */
  readonly repeats?: Repeats;
  /** As of the embedded engine: all APIs on the table are to have the same ones. Default: the table's. */
  readonly heldLogs?: HeldLogs;
  /** The table of another API, which is served once more; its owner deletes it. */
  readonly tableName?: string;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Names for the server beside those of the loopback interface. */
  readonly allowedHosts?: readonly string[] | "all";
  /** Default: noauth. */
  readonly auth?: AuthOptions;
  /** Default: the root. */
  readonly mount?: Mount;
  /** Default: there is none. */
  readonly console?: ConsoleParts;
  /** The server's own, as `npm start` has them. Default: none. */
  readonly metrics?: ServerMetrics;
  /**
   * `fed`: a feeder brings events into the feed, as in `npm start`; `left`: changes leave them, in
   * notes where it repeats by attempts, and `feedAll` does. Default: they leave none, as where the table has a stream.
   */
  readonly events?: "fed" | "left";
  /** Requests that may wait for events. Default: 16. */
  readonly eventWaiters?: number;
}

export interface RequestOptions {
  /** Default `1.39`; null sends no version. */
  readonly version?: string | null;
  /** A value is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Default `admin`; null sends none. */
  readonly token?: string | null;
  readonly roles?: string;
}

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

export interface Api {
  readonly url: string;
  readonly endpoint: string;
  readonly tableName: string;
  /** For looking at items; the server has a connection of its own. */
  readonly client: DynamoDBDocumentClient;
  /** The server's, before `options.connection` changed it. */
  readonly connection: Connection;
  /** What the server's functions are given, for tasks, which have no route. */
  readonly runtime: Runtime;
  /** What changes leave for a feeder. */
  readonly pending: PendingWrites | undefined;
  /** What the server has logged so far. */
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  request(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer>;
  /** All items of the table, in the order of their keys. */
  items(): Promise<Item[]>;
  close(): Promise<void>;
}

/** `TEST_CONNECTION=sdk` runs tests on the reference instead of the functions' own connection. */
function bySdk(): boolean {
  return process.env["TEST_CONNECTION"] === "sdk";
}

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const endpoint = testEndpoint();
  const tableName = options.tableName ?? `test-${randomUUID()}`;
  const config = clientConfig(endpoint, {});
  await ensureTable(config, tableName);
  const { clock = systemClock, random = systemRandom } = options;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const connected = bySdk() ? connectBySdk(tableName, config) : connect(tableName, config, clock);
  const own =
    options.repeats === "attempts"
      ? { ...connected, attempts: attemptSlots(random.uuid()) }
      : connected;
  const { metrics, heldLogs } = options;
  const logged = heldLogs === undefined ? own : { ...own, heldLogs };
  const measured = metrics?.measured(logged) ?? logged;
  const connection = options.connection?.(measured) ?? measured;
  const logs: Readonly<Record<string, unknown>>[] = [];
  const written: Log = (entry) => {
    logs.push(entry);
    if (entry["level"] === "ERROR") console.error(entry);
  };
  const log = metrics?.counted(written) ?? written;
  const configuration = { ...DEFAULT_CONFIGURATION, ...options.configuration };
  const { auth = { kind: "noauth" }, mount = ROOT, allowedHosts = [] } = options;
  const service = identityService(auth, { clock, log });
  const { identify } = service;
  const { feed, pending, start } = localFeed(configuration, 4 * (options.eventWaiters ?? 16), {
    clock,
    random,
    attempts: own.attempts,
  });
  const leaves = options.events !== undefined;
  const runtime = {
    ...localRuntime({
      connection,
      configuration,
      identify,
      log,
      clock,
      random,
      feed,
      ...(leaves && { pending }),
    }),
    ...(metrics && { ownMetrics: metrics.text, ownRequests: metrics.requests }),
  };
  const parts = { operations, fallback: refuseUnrouted, runtime, port: 0, allowedHosts, mount };
  const server = await startServer({
    ...parts,
    ...(service.endpoint === undefined ? {} : { endpoint: service.endpoint }),
    ...(metrics === undefined ? {} : { watch: metrics.watch }),
    ...(options.console && { console: options.console }),
  });
  const feeder = options.events === "fed" ? start(runtime) : undefined;
  const http = new HttpClient(server.url);
  return {
    url: server.url,
    endpoint,
    tableName,
    client,
    connection: own,
    runtime,
    pending,
    logs,
    request: (method, path, requestOptions = {}) =>
      http.send({ method, path, ...encode(requestOptions) }),
    items: () => scan(client, tableName),
    close: async () => {
      http.close();
      feed.end();
      await server.close();
      await feeder?.stop();
      const admin = new DynamoDBClient(config);
      if (options.tableName === undefined) {
        await admin.send(new DeleteTableCommand({ TableName: tableName }));
      }
      for (const each of [admin, client, own.client]) each.destroy();
    },
  };
}

function encode({ version = "1.39", body, headers = {}, token = "admin", roles }: RequestOptions) {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const given = Object.keys(headers).map((name) => name.toLowerCase());
  const typed = body !== undefined && !raw && !given.includes("content-type");
  const sent = {
    ...(token === null ? {} : { "x-auth-token": token }),
    ...(version === null ? {} : { "openstack-api-version": `placement ${version}` }),
    ...(roles === undefined ? {} : { "x-roles": roles }),
    ...(typed ? { "content-type": "application/json" } : {}),
    ...headers,
  };
  if (body === undefined) return { headers: sent };
  return { headers: sent, body: raw ? body : JSON.stringify(body) };
}

async function scan(client: DynamoDBDocumentClient, tableName: string): Promise<Item[]> {
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...((answer.Items ?? []) as Item[]));
    from = answer.LastEvaluatedKey;
    if (from === undefined) return items.sort(byKey);
  }
  throw new Error(`the table ${tableName} has more than ${MAX_PAGES} pages`);
}

function byKey(a: Item, b: Item): number {
  return compare(a.pk, b.pk) || compare(a.sk, b.sk);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
