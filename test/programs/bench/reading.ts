/** How the time of an answer is spent: reading, decoding, searching, encoding; cold and warm. */
import { candidatesText } from "../../../functions/allocation-candidates/text.ts";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { systemRandom } from "../../../lib/api/system-random.ts";
import { searchCandidates } from "../../../lib/model/candidates/search.ts";
import { minor } from "../../../lib/model/microversion.ts";
import type { Provider } from "../../../lib/model/provider.ts";
import { buildSnapshot, updateSnapshot } from "../../../lib/model/snapshot/build.ts";
import { appendToShardLogs } from "../../../lib/store/cache/shard-log.ts";
import { hotItem, hotKey, stateOf } from "../../../lib/store/items/hot.ts";
import { profileItem, profileOf } from "../../../lib/store/items/profile.ts";
import { SHARDS, shardPk } from "../../../lib/store/items/shard.ts";
import { writeProfilePages } from "../../../lib/store/maintenance/profile-pages.ts";
import type { MaintenanceStore } from "../../../lib/store/maintenance-store.ts";
import { storeOpener } from "../../../lib/store/open-store.ts";
import { viewOf } from "../../../lib/store/providers/view.ts";
import type { Store } from "../../../lib/store/store.ts";
import type { Connection } from "../../../lib/store/table/connection.ts";
import { decodeItem } from "../../../lib/store/table/wire/items.ts";
import { seedProviders } from "../../support/seeded.ts";
import { type BenchTable, withTable } from "./engine.ts";
import { DISK_GB, flat, MEMORY_MB, VCPU } from "./fleets.ts";
import { type Effort, median, timeOf, waitOf } from "./measure.ts";
import { group, query } from "./queries.ts";
import { heading, table } from "./report.ts";
import { bodyOf } from "./wire.ts";

const DEADLINE = 120_000;
const ASKED = query([group("", { [VCPU]: 4, [MEMORY_MB]: 8_192, [DISK_GB]: 40 }, [3])], {
  limit: 100,
});

type ChangedTable = Pick<BenchTable, "connection" | "documents">;

/** Stores of one function: what it keeps is shared by all of them. */
function functionOn(connection: Connection): () => MaintenanceStore {
  const open = storeOpener({
    connection,
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    maxChangeItems: 6_000,
    historyDays: 30,
    snapshotMaxAge: 3_600_000,
  });
  return () => {
    const access = ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"] as const;
    return open({ access, deadline: Date.now() + DEADLINE });
  };
}

export async function benchReading(effort: Effort, size: number): Promise<void> {
  const providers = flat(size);
  await withTable(async ({ connection, reference, documents }) => {
    await seedProviders(documents, providers);
    await benchDecoders({ "document client": reference, "by hand": connection });
    await benchAnswers(effort, { connection, documents }, providers);
  });
}

async function benchAnswers(effort: Effort, bench: ChangedTable, providers: Provider[]) {
  const { connection } = bench;
  const size = providers.length;
  heading(`Where the time of an answer goes, ${size.toLocaleString("en")} flat hosts, limit=100`);
  const bare = await coldTime(connection);
  await writeProfilePages(functionOn(connection)(), size);
  const paged = await coldTime(connection);
  const store = functionOn(connection);
  await viewOf(store());
  const rows = [
    ["cold, without pages", size, ...split(effort, providers, providers, bare)],
    ["cold", size, ...split(effort, providers, providers, paged)],
  ];
  for (const changes of [0, 10, 100]) {
    const some = providers.slice(0, changes);
    const waits = [];
    for (let run = 0; run < 5; run += 1) {
      await change(bench, some);
      waits.push(await waitOf(() => viewOf(store()), 1));
    }
    rows.push(["warm", changes, ...split(effort, providers, some, median(waits))]);
  }
  const encoding = await encodingTime(store(), providers);
  const columns = ["function", "changed", "reading ms", "decoding ms", "snapshot ms", "search ms"];
  table(
    [...columns, "encoding ms"],
    rows.map((row) => [...row, encoding]),
  );
  console.log("\nReading holds decoding, and the engine's own work on the same machine.");
}

/** Median milliseconds of the first reading of a function. */
async function coldTime(connection: Connection): Promise<number> {
  const times = [];
  for (let run = 0; run < 3; run += 1) {
    const store = functionOn(connection);
    times.push(await waitOf(() => viewOf(store()), 1));
  }
  return median(times);
}

/** Reading as it was measured, then decoding, the snapshot and the search by themselves. */
function split(
  effort: Effort,
  all: readonly Provider[],
  changed: readonly Provider[],
  reading: number,
): number[] {
  const whole = changed.length === all.length;
  const items = changed.flatMap(({ state, profile }) =>
    whole ? [hotItem(state), profileItem(profile)] : [hotItem(state)],
  );
  const body = bodyOf(items);
  const snapshot = buildSnapshot(all);
  const renewed = () =>
    whole ? buildSnapshot(all) : changed.length > 0 && updateSnapshot(snapshot, changed, []);
  const once = { ...effort, minRuns: 1 };
  return [
    reading,
    timeOf(() => decode(body), once),
    timeOf(renewed, once),
    timeOf(() => searchCandidates(snapshot, ASKED, { maxWork: 5_000_000 }), effort),
  ];
}

function decode(body: string): unknown[] {
  const { Items } = JSON.parse(body) as { Items: never[] };
  return Items.map((item) => {
    const decoded = decodeItem(item) as never;
    return "i" in decoded ? stateOf(decoded) : profileOf(decoded);
  });
}

/** Each provider is written and appended to its shard log. */
async function change(bench: ChangedTable, some: readonly Provider[]): Promise<void> {
  const { connection, documents } = bench;
  const moved = some.map(({ state, profile }) => ({
    state: { ...state, revision: state.revision + Math.floor(Math.random() * 1e6) },
    profile,
  }));
  await seedProviders(documents, moved);
  const context = {
    clock: systemClock,
    random: systemRandom,
    deadline: Date.now() + DEADLINE,
    counts: { retries: 0 },
  };
  const keys = moved.map(({ state }) => hotKey(state.uuid));
  await appendToShardLogs({ connection, context, log: () => {} }, keys);
}

async function encodingTime(store: Store, providers: readonly Provider[]): Promise<number> {
  const snapshot = buildSnapshot(providers);
  const { candidates } = searchCandidates(snapshot, ASKED, { maxWork: 5_000_000 });
  const found = { snapshot, query: ASKED, candidates };
  return waitOf(async () => (await candidatesText(store, found, minor("1.39")))(""), 10);
}

/** Processor time of this process for the same items, by the SDK and by hand. */
async function benchDecoders(ways: Readonly<Record<string, Connection>>): Promise<void> {
  heading("Reading all states: the document client against decoding by hand");
  const inputs = Array.from({ length: SHARDS }, (_, shard) => ({
    ConsistentRead: true,
    KeyConditionExpression: "#p = :p AND begins_with(#s, :s)",
    ExpressionAttributeNames: { "#p": "pk", "#s": "sk" },
    ExpressionAttributeValues: { ":p": shardPk(shard), ":s": "H#" },
  }));
  const figures = [];
  for (const [name, { client, tableName }] of Object.entries(ways)) {
    let items = 0;
    const times = [];
    for (let run = 0; run < 5; run += 1) {
      items = 0;
      const before = process.cpuUsage();
      for (const input of inputs) {
        const { Items = [] } = await client.send("Query", { TableName: tableName, ...input });
        items += Items.length;
      }
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1_000);
    }
    figures.push({ name, items, time: median(times) });
  }
  const base = figures[0]?.time ?? Number.NaN;
  const rows = figures.map(({ name, items, time }) => [
    name,
    items,
    time,
    (100 * time) / items,
    time / base,
  ]);
  table(["by", "items", "processor ms", "ms for 100", "ratio"], rows);
}
