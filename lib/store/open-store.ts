/** The store of one request: strongly consistent reads and guarded changes. */
import { BatchGetCommand, GetCommand, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock, Random } from "../model/clock.ts";
import { commit } from "./commit.ts";
import type { Connection, DynamoDBAction } from "./connection.ts";
import { raiseHeads } from "./heads.ts";
import { type Item, type Key, keyText } from "./item.ts";
import { HOT } from "./keys.ts";
import { checkFormat, META_KEY } from "./meta.ts";
import { NameCache } from "./names.ts";
import { Busy } from "./refusals.ts";
import { backOff, retrying } from "./retry.ts";
import type { OpenStore, Plan, QueryOptions, ScanPage, Store, StoreOptions } from "./store.ts";
import { ACTION_OF, keyOf } from "./write.ts";

export interface StoreParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** DynamoDB's limits. */
const BATCH_KEYS = 100;
const MAX_BATCH_ROUNDS = 50;
const MAX_PAGES = 2_000;

/** How often one request plans anew before it gives up as busy. */
const MAX_PLANS = 60;

/** What requests of one function share: the table's format and the names. */
interface Shared {
  format: Promise<void> | undefined;
  readonly names: NameCache;
}

export function storeOpener(parts: StoreParts): OpenStore {
  const shared: Shared = { format: undefined, names: new NameCache() };
  return (options) => new RequestStore(parts, shared, options);
}

class RequestStore implements Store {
  readonly clock: Clock;
  readonly random: Random;
  readonly names: NameCache;
  readonly deadline: number;
  readonly #parts: StoreParts;
  readonly #shared: Shared;
  readonly #access: ReadonlySet<DynamoDBAction>;

  constructor(parts: StoreParts, shared: Shared, options: StoreOptions) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.names = shared.names;
    this.deadline = options.deadline;
    this.#parts = parts;
    this.#shared = shared;
    this.#access = new Set(options.access);
  }

  async format(): Promise<void> {
    const pending = this.#shared.format ?? this.#read(META_KEY).then(checkFormat);
    this.#shared.format = pending;
    pending.catch(() => {
      if (this.#shared.format === pending) this.#shared.format = undefined;
    });
    return pending;
  }

  async get(key: Key): Promise<Item | undefined> {
    await this.format();
    return this.#read(key);
  }

  async #read(key: Key): Promise<Item | undefined> {
    this.#allow("GetItem");
    const { client, tableName } = this.#parts.connection;
    const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
    const answer = await retrying(this, () => client.send(command));
    return answer.Item as Item | undefined;
  }

  async batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    if (keys.length === 0) return [];
    await this.format();
    this.#allow("BatchGetItem");
    const distinct = new Map(keys.map((key) => [keyText(key), { pk: key.pk, sk: key.sk }]));
    const wanted = [...distinct.values()];
    const chunks: Key[][] = [];
    for (let i = 0; i < wanted.length; i += BATCH_KEYS)
      chunks.push(wanted.slice(i, i + BATCH_KEYS));
    const found = new Map<string, Item>();
    for (const items of await Promise.all(chunks.map((chunk) => this.#batch(chunk)))) {
      for (const item of items) found.set(keyText(item), item);
    }
    return keys.map((key) => found.get(keyText(key)));
  }

  async #batch(chunk: Key[]): Promise<Item[]> {
    const { client, tableName } = this.#parts.connection;
    const items: Item[] = [];
    let keys: Key[] = chunk;
    for (let round = 1; round <= MAX_BATCH_ROUNDS; round += 1) {
      const request = { [tableName]: { Keys: keys, ConsistentRead: true } };
      const command = new BatchGetCommand({ RequestItems: request });
      const answer = await retrying(this, () => client.send(command));
      items.push(...((answer.Responses?.[tableName] ?? []) as Item[]));
      keys = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
      if (keys.length === 0) return items;
      if (!(await backOff(this, round))) break;
    }
    throw new Busy();
  }

  async query(pk: string, options: QueryOptions = {}): Promise<Item[]> {
    await this.format();
    this.#allow("Query");
    const { prefix, after } = options;
    if (prefix !== undefined && after !== undefined && isPast(after, prefix)) return [];
    const items: Item[] = [];
    let start: Key | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const command = new QueryCommand({ ...this.#range(pk, options), ExclusiveStartKey: start });
      const answer = await retrying(this, () => this.#parts.connection.client.send(command));
      items.push(...((answer.Items ?? []) as Item[]));
      start = answer.LastEvaluatedKey as Key | undefined;
      const enough = options.limit !== undefined && items.length >= options.limit;
      if (start === undefined || enough) return items.slice(0, options.limit);
    }
    throw new Error(`a query of ${pk} passed ${MAX_PAGES} pages`);
  }

  async scan(after: Key | undefined, limit: number): Promise<ScanPage> {
    await this.format();
    this.#allow("Scan");
    const { client, tableName } = this.#parts.connection;
    const command = new ScanCommand({
      TableName: tableName,
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after,
    });
    const answer = await retrying(this, () => client.send(command));
    return {
      items: (answer.Items ?? []) as Item[],
      next: answer.LastEvaluatedKey as Key | undefined,
    };
  }

  #range(pk: string, { prefix, after, limit }: QueryOptions) {
    const { text, values } = sortCondition(prefix, after);
    return {
      TableName: this.#parts.connection.tableName,
      ConsistentRead: true,
      KeyConditionExpression: `#p = :p${text}`,
      ExpressionAttributeNames: { "#p": "pk", ...(text === "" ? {} : { "#s": "sk" }) },
      ExpressionAttributeValues: { ":p": pk, ...values },
      ...(limit === undefined ? {} : { Limit: limit }),
    };
  }

  async change<T>(plan: (attempt: number) => Promise<Plan<T>>): Promise<T> {
    await this.format();
    for (let attempt = 0; attempt < MAX_PLANS; attempt += 1) {
      if (attempt > 0 && !(await backOff(this, attempt))) break;
      const { writes, result, confirm } = await plan(attempt);
      if (writes.length === 0) return result;
      for (const { write } of writes) this.#allow(ACTION_OF[write.kind]);
      const outcome = await commit(this.#parts.connection, this, writes);
      if (outcome.kind === "done") {
        await this.#raiseHeads(writes.map(({ write }) => keyOf(write)));
        return result;
      }
      if (outcome.kind === "refuse") {
        const stands = outcome.rank === 0 || confirm === undefined || (await confirm());
        if (stands) throw outcome.refusal;
      }
    }
    throw new Busy();
  }

  async #raiseHeads(keys: readonly Key[]): Promise<void> {
    if (!keys.some(({ sk }) => sk.startsWith(HOT))) return;
    this.#allow("UpdateItem");
    const { connection, log } = this.#parts;
    await raiseHeads({ connection, context: this, log }, keys);
  }

  /** In the local server as under IAM: what an operation did not declare is refused. */
  #allow(action: DynamoDBAction): void {
    if (!this.#access.has(action)) throw new Error(`the operation did not declare ${action}`);
  }
}

/** After the last sort key of a prefix: ours are ASCII. */
const LAST = "\u007f";
/** The string right after another one. */
const NEXT = "\u0000";

/** Whether no key of `prefix` comes after `after`, in the order of UTF-8. */
function isPast(after: string, prefix: string): boolean {
  return Buffer.compare(Buffer.from(`${after}${NEXT}`), Buffer.from(`${prefix}${LAST}`)) > 0;
}

function sortCondition(prefix: string | undefined, after: string | undefined) {
  if (prefix !== undefined && after !== undefined) {
    const values = { ":s": `${after}${NEXT}`, ":e": `${prefix}${LAST}` };
    return { text: " AND #s BETWEEN :s AND :e", values };
  }
  if (after !== undefined) return { text: " AND #s > :s", values: { ":s": after } };
  if (prefix === undefined) return { text: "", values: {} };
  return { text: " AND begins_with(#s, :s)", values: { ":s": prefix } };
}
