/** Reads of many items are no snapshot: others write between one part and the next. */
import type { Item, Key } from "../../../lib/store/table/item.ts";
import type { Chance } from "../../support/chance.ts";
import type { Command } from "./calls.ts";

interface Parts {
  readonly tableName: string;
  readonly random: Chance;
  pause(): Promise<void>;
  send(command: Command): Promise<unknown>;
}

/** A batch in two parts in any order, of which the second may be left to be asked for again. */
export async function batchInParts(parts: Parts, command: Command): Promise<unknown> {
  const table = parts.tableName;
  const request = command.input["RequestItems"] as Record<string, { Keys: Key[] }>;
  const keys = request[table]?.Keys ?? [];
  const share = parts.random.fraction();
  const [first, second]: [Key[], Key[]] = [[], []];
  for (const key of keys) (parts.random.fraction() < share ? first : second).push(key);
  const halves = [first, second].filter((part) => part.length > 0);
  const items: Item[] = [];
  for (const [index, part] of halves.entries()) {
    if (index > 0) {
      if (parts.random.below(4) === 0) {
        const unprocessed = { [table]: { Keys: part, ConsistentRead: true } };
        return { Responses: { [table]: items }, UnprocessedKeys: unprocessed };
      }
      await parts.pause();
    }
    const input = { RequestItems: { [table]: { Keys: part, ConsistentRead: true } } };
    const answer = (await parts.send({ operation: "BatchGetItem", input })) as {
      Responses?: Record<string, Item[]>;
    };
    items.push(...(answer.Responses?.[table] ?? []));
  }
  return { Responses: { [table]: items } };
}

/** A query page by page, and perhaps not to its end, nor to the limit that it names. */
export async function queryInParts(parts: Parts, command: Command): Promise<unknown> {
  const items: Item[] = [];
  const most = (command.input["Limit"] as number | undefined) ?? Number.POSITIVE_INFINITY;
  let start = command.input["ExclusiveStartKey"];
  for (let part = 0; ; part += 1) {
    if (part > 0) await parts.pause();
    // Parts grow, so that large partitions do not take forever.
    const limit = Math.min(most - items.length, 1 + parts.random.below(3 + 8 * part));
    const input = { ...command.input, Limit: limit, ExclusiveStartKey: start };
    const answer = (await parts.send({ operation: "Query", input })) as {
      Items?: Item[];
      LastEvaluatedKey?: Key;
    };
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
    if (start === undefined || items.length >= most || parts.random.below(4) === 0) {
      return { Items: items, LastEvaluatedKey: start };
    }
  }
}

/** A scan page by page, and perhaps not to its limit. */
export async function scanInParts(parts: Parts, command: Command): Promise<unknown> {
  const items: Item[] = [];
  let left = (command.input["Limit"] as number | undefined) ?? Number.POSITIVE_INFINITY;
  let start = command.input["ExclusiveStartKey"];
  for (let part = 0; ; part += 1) {
    if (part > 0) await parts.pause();
    // Parts grow, so that large tables do not take forever.
    const limit = Math.min(left, 1 + parts.random.below(30 + 100 * part));
    const input = { ...command.input, Limit: limit, ExclusiveStartKey: start };
    const answer = (await parts.send({ operation: "Scan", input })) as {
      Items?: Item[];
      LastEvaluatedKey?: Key;
    };
    items.push(...(answer.Items ?? []));
    left -= limit;
    start = answer.LastEvaluatedKey;
    if (start === undefined || left === 0 || parts.random.below(4) === 0) {
      return { Items: items, LastEvaluatedKey: start };
    }
  }
}
