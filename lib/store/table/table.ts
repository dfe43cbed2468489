/**
 * The table as it is stored: reads, strongly consistent unless asked otherwise, retried within
 * the request's deadline.
 */
import type { Connection, DynamoDBAction } from "./connection.ts";
import { ACTION_OF, toSingle, type Write } from "./expressions.ts";
import { isConditionFailed } from "./faults.ts";
import { type Item, type Key, keyText } from "./item.ts";
import { beginningWith, range } from "./ranges.ts";
import type { QueryOptions, ReadOptions, ScanOptions, ScanPage } from "./reader.ts";
import { Busy } from "./refusals.ts";
import { backOff, type RetryContext, retrying } from "./retry.ts";

/** DynamoDB's limits. */
const BATCH_KEYS = 100;
const MAX_BATCH_ROUNDS = 50;

export class RawTable {
  readonly connection: Connection;
  readonly context: RetryContext;
  readonly #access: ReadonlySet<DynamoDBAction>;

  constructor(connection: Connection, context: RetryContext, access: ReadonlySet<DynamoDBAction>) {
    this.connection = connection;
    this.context = context;
    this.#access = access;
  }

  /** In the local server as under IAM: an action that the operation did not declare is refused. */
  allow(action: DynamoDBAction): void {
    if (!this.#access.has(action)) throw new Error(`the operation did not declare ${action}`);
  }

  async get(key: Key): Promise<Item | undefined> {
    this.allow("GetItem");
    const { client, tableName } = this.connection;
    const input = { TableName: tableName, Key: key, ConsistentRead: true };
    const answer = await retrying(this.context, (options) =>
      client.send("GetItem", input, options),
    );
    return answer.Item as Item | undefined;
  }

  /** In the order of `keys`. */
  async batchGet(
    keys: readonly Key[],
    { eventual = false }: ReadOptions = {},
  ): Promise<(Item | undefined)[]> {
    if (keys.length === 0) return [];
    this.allow("BatchGetItem");
    const distinct = new Map(keys.map((key) => [keyText(key), { pk: key.pk, sk: key.sk }]));
    const wanted = [...distinct.values()];
    const chunks: Key[][] = [];
    for (let i = 0; i < wanted.length; i += BATCH_KEYS)
      chunks.push(wanted.slice(i, i + BATCH_KEYS));
    const found = new Map<string, Item>();
    for (const items of await Promise.all(chunks.map((chunk) => this.#batch(chunk, !eventual)))) {
      for (const item of items) found.set(keyText(item), item);
    }
    return keys.map((key) => found.get(keyText(key)));
  }

  async #batch(chunk: Key[], ConsistentRead: boolean): Promise<Item[]> {
    const { client, tableName } = this.connection;
    const items: Item[] = [];
    let keys: Key[] = chunk;
    for (let round = 1; round <= MAX_BATCH_ROUNDS; round += 1) {
      const input = { RequestItems: { [tableName]: { Keys: keys, ConsistentRead } } };
      const answer = await retrying(this.context, (options) =>
        client.send("BatchGetItem", input, options),
      );
      items.push(...((answer.Responses?.[tableName] ?? []) as Item[]));
      keys = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
      if (keys.length === 0) return items;
      if (!(await backOff(this.context, round))) break;
    }
    throw new Busy();
  }

  /**
   * Items on which no transaction is under way, as of one moment; at most 100. All effects of
   * earlier transactions on them are visible, in other items too.
   */
  async quiescent(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    this.allow("GetItem");
    const { client, tableName } = this.connection;
    const gets = keys.map(({ pk, sk }) => ({ Get: { TableName: tableName, Key: { pk, sk } } }));
    const answer = await retrying(this.context, (options) =>
      client.send("TransactGetItems", { TransactItems: gets }, options),
    );
    return keys.map((_, index) => answer.Responses?.[index]?.Item as Item | undefined);
  }

  /** One page of a query. */
  async queryPage(
    pk: string,
    options: QueryOptions,
    start: Key | undefined,
  ): Promise<{ items: Item[]; next: Key | undefined }> {
    this.allow("Query");
    const { client, tableName } = this.connection;
    const input = { TableName: tableName, ...range(pk, options), ExclusiveStartKey: start };
    const answer = await retrying(this.context, (options) => client.send("Query", input, options));
    const items = (answer.Items ?? []) as Item[];
    return {
      items: options.attributes === undefined ? items : items.map((item) => ({ ...item, pk })),
      next: answer.LastEvaluatedKey as Key | undefined,
    };
  }

  async scan(
    after: Key | undefined,
    limit: number,
    { prefix }: ScanOptions = {},
  ): Promise<ScanPage> {
    this.allow("Scan");
    const { client, tableName } = this.connection;
    const input = {
      TableName: tableName,
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after,
      ...(prefix === undefined ? {} : beginningWith(prefix)),
    };
    const answer = await retrying(this.context, (options) => client.send("Scan", input, options));
    return {
      items: (answer.Items ?? []) as Item[],
      next: answer.LastEvaluatedKey as Key | undefined,
    };
  }

  /**
   * A single write outside of transactions, which may be repeated.
   * @returns whether its condition held
   */
  async write(write: Write): Promise<boolean> {
    this.allow(ACTION_OF[write.kind]);
    const { client, tableName } = this.connection;
    const single = toSingle(write, tableName);
    try {
      await retrying<unknown>(this.context, (options) => {
        switch (single.kind) {
          case "put":
            return client.send("PutItem", single.input, options);
          case "update":
            return client.send("UpdateItem", single.input, options);
          case "delete":
            return client.send("DeleteItem", single.input, options);
        }
      });
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  }
}
