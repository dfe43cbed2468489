import { type Item, type Key, keyText } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";

/** An item under a wrong key is not found by any request. */
export function misplaced(item: Item, expected: Key): Finding[] {
  if (keyText(item) === keyText(expected)) return [];
  const what = `${item.pk} ${item.sk} belongs under ${expected.pk} ${expected.sk}`;
  return [finding("misplaced", what, item)];
}
