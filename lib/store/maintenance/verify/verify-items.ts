/** Verifies a whole table in memory. It must not be written while it is read. */

import { recordKey } from "../../items/change-record.ts";
import { COMMIT_INDEX_KEY } from "../../items/commit-index.ts";
import { customNamesPk } from "../../items/custom-name.ts";
import { isInShard } from "../../items/kinds.ts";
import { type Item, keyText } from "../../table/item.ts";
import { checkItem } from "./check-item.ts";
import type { Finding } from "./finding.ts";
import { nearOf } from "./rule.ts";
import { brokenNames, countUsers, noUsers } from "./users.ts";
import { brokenIntents, changesOf, imageOf, indexed } from "./write-intents.ts";

/**
 * All contradictions between the items of a table.
 * @param now milliseconds since 1970; Infinity: no large change may be under way, nor has anything expired
 */
export function verifyItems(items: readonly Item[], now: number): Finding[] {
  const raw = indexed(items);
  const ids = [...changesOf(items)];
  const changes = {
    records: new Map(ids.map((id) => [id, raw.get(keyText(recordKey(id)))])),
    commitIndex: raw.get(keyText(COMMIT_INDEX_KEY)),
  };
  const images = items.flatMap((item) => imageOf(item, changes) ?? []);
  const partitions = new Map<string, Item[]>();
  const users = noUsers();
  for (const image of images) {
    const known = partitions.get(image.pk);
    if (known === undefined) partitions.set(image.pk, [image]);
    else known.push(image);
  }
  countUsers(
    users,
    images.filter((image) => isInShard(image)),
  );
  const near = nearOf(indexed(images), partitions, Number.isFinite(now) ? now : 0);
  return [
    ...items.flatMap((item) => brokenIntents(item, changes, now)),
    ...images.flatMap((image) => checkItem(image, near)),
    ...brokenNames(
      [...near.under(customNamesPk("CLASSES")), ...near.under(customNamesPk("TRAITS"))],
      users,
    ),
  ];
}
