/** The subjects of a key, for the log of what maintenance has changed. */
import type { Key } from "../table/item.ts";

/** Called with the names of each record that was repaired, resolved or deleted. */
export type OnChanged = (...names: readonly string[]) => void;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The uuids of the provider and the consumer in the key; without any, the key itself. */
export function namesIn({ pk, sk }: Key): readonly string[] {
  return `${pk} ${sk}`.match(UUID) ?? [`${pk} ${sk}`];
}
