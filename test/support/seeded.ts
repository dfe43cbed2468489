/** Providers written straight into a table, many at a time. */
import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Provider } from "../../lib/model/provider.ts";
import { hotItem } from "../../lib/store/items/hot.ts";
import { profileItem } from "../../lib/store/items/profile.ts";
import type { Item } from "../../lib/store/table/item.ts";
import { crowd } from "./crowd.ts";

const BATCH = 25;
const MAX_ROUNDS = 20;

interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Only the two items of each provider: no shard logs, no trees, no names. */
export async function seedProviders(table: Table, providers: readonly Provider[]): Promise<void> {
  const items = providers.flatMap(({ state, profile }) => [hotItem(state), profileItem(profile)]);
  await seedItems(table, items);
}

export async function seedItems(
  { client, tableName }: Table,
  items: readonly Item[],
): Promise<void> {
  await crowd({ width: 4, count: Math.ceil(items.length / BATCH) }, async (batch) => {
    const some = items.slice(batch * BATCH, (batch + 1) * BATCH);
    let waiting: unknown[] = some.map((Item) => ({ PutRequest: { Item } }));
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === MAX_ROUNDS) throw new Error("the engine does not take the items");
      const answer = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: waiting as never } }),
      );
      waiting = answer.UnprocessedItems?.[tableName] ?? [];
    }
  });
}
