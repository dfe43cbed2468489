/**
 * Transactions take time. DynamoDB makes the items of a transaction visible one
 * after the other: until it is answered, a read, however consistent, may see some
 * of them as before and some as after. The engine has no such interval, so it is
 * simulated here: reads show the state before a transaction for a while longer. Writes
 * meanwhile: see `ongoing.ts`.
 */
import { type Item, type Key, keyText } from "../../../lib/store/table/item.ts";

interface Hidden {
  readonly key: Key;
  /** As readers still see it. */
  readonly before: Item | undefined;
  readonly until: number;
}

type Input = Readonly<Record<string, unknown>>;

export class Underway {
  readonly #hidden = new Map<string, Hidden>();

  hide(key: Key, before: Item | undefined, until: number): void {
    this.#hidden.set(keyText(key), { key, before, until });
  }

  #of(key: Key, now: number): Hidden | undefined {
    const hidden = this.#hidden.get(keyText(key));
    return hidden !== undefined && now < hidden.until ? hidden : undefined;
  }

  /** The answer to a read as it is seen now. */
  shown(command: string, input: Input, answer: unknown, now: number): unknown {
    if (this.#hidden.size === 0) return answer;
    switch (command) {
      case "Get":
        return this.#got(input, answer as { readonly Item?: Item }, now);
      case "BatchGet":
        return this.#batch(input, answer as Batch, now);
      case "Query":
        return this.#query(input, answer as Page, now);
      case "Scan":
        return this.#scanned(answer as Page, now);
      default:
        return answer;
    }
  }

  #got(input: Input, answer: { readonly Item?: Item }, now: number) {
    const hidden = this.#of(input["Key"] as Key, now);
    if (hidden === undefined) return answer;
    const { Item: _, ...rest } = answer;
    return hidden.before === undefined ? rest : { ...rest, Item: hidden.before };
  }

  #batch(input: Input, answer: Batch, now: number): Batch {
    const requests = input["RequestItems"] as Record<string, { readonly Keys: readonly Key[] }>;
    const responses = Object.entries(answer.Responses ?? {}).map(([table, items]) => {
      const asked = requests[table]?.Keys ?? [];
      const hidden = asked.flatMap((key) => this.#of(key, now) ?? []);
      const texts = new Set(hidden.map(({ key }) => keyText(key)));
      const others = items.filter((item) => !texts.has(keyText(item)));
      return [table, [...others, ...hidden.flatMap(({ before }) => before ?? [])]] as const;
    });
    return { ...answer, Responses: Object.fromEntries(responses) };
  }

  /** Where an item would be that is not in the answer any more is not known: it is not shown. */
  #scanned(answer: Page, now: number): Page {
    const items = (answer.Items ?? []).flatMap((item) => {
      const hidden = this.#of(item, now);
      return hidden === undefined ? [item] : (hidden.before ?? []);
    });
    return { ...answer, Items: items };
  }

  #query(input: Input, answer: Page, now: number): Page {
    const values = input["ExpressionAttributeValues"] as Record<string, string>;
    const after = (input["ExclusiveStartKey"] as Key | undefined)?.sk;
    const last = answer.LastEvaluatedKey?.sk;
    const hidden = [...this.#hidden.values()].filter(
      ({ key, until }) =>
        now < until &&
        key.pk === values[":p"] &&
        isWanted(String(input["KeyConditionExpression"]), values, key.sk) &&
        (after === undefined || key.sk > after) &&
        (last === undefined || key.sk <= last),
    );
    if (hidden.length === 0) return answer;
    // All are of one partition, and a query may leave the partition key out.
    const keys = new Set(hidden.map(({ key }) => key.sk));
    const items = (answer.Items ?? []).filter(({ sk }) => !keys.has(sk));
    items.push(...hidden.flatMap(({ before }) => before ?? []));
    items.sort((a, b) => (a.sk < b.sk ? -1 : 1));
    return { ...answer, Items: items };
  }
}

interface Batch {
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
}

interface Page {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Key;
}

/** Of the conditions on sort keys that the store sends. */
function isWanted(condition: string, values: Readonly<Record<string, string>>, sk: string) {
  const [from = "", to = ""] = [values[":s"], values[":e"]];
  if (condition.includes("begins_with")) return sk.startsWith(from);
  if (condition.includes("BETWEEN")) return sk >= from && sk <= to;
  return condition.includes(">") ? sk > from : true;
}
