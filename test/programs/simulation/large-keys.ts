/** Which items a large change writes: its pages name them before any of them has an intent. */
import { changeOfPage, isPage, keysOf } from "../../../lib/store/items/change-page.ts";
import { changeOfRecord, isRecord } from "../../../lib/store/items/change-record.ts";
import type { Item, Key } from "../../../lib/store/table/item.ts";
import { actionsOf, type Input } from "./calls.ts";

export class LargeKeys {
  readonly #keys = new Map<string, Key[]>();

  /** Of a transaction that was carried out. */
  note(input: Input): void {
    const actions = (input["TransactItems"] ?? []) as readonly {
      readonly Put?: { readonly Item: Item };
    }[];
    for (const { Put } of actions) {
      if (Put === undefined || !isPage(Put.Item)) continue;
      const change = changeOfPage(Put.Item);
      this.#keys.set(change, [...(this.#keys.get(change) ?? []), ...keysOf(Put.Item)]);
    }
  }

  /** Of the change that a transaction decides. */
  of(input: Input): readonly Key[] {
    const record = actionsOf(input).find(([, key]) => isRecord(key))?.[1];
    return (record && this.#keys.get(changeOfRecord(record))) ?? [];
  }
}
