/** What a key is about, for the log of what maintenance has changed. */
import type { Key } from "../table/item.ts";

/** Told of each record that was repaired, settled or deleted. */
export type OnChanged = (...names: readonly string[]) => void;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The uuids of the provider and the consumer in it; without any the key itself. */
export function namesIn({ pk, sk }: Key): readonly string[] {
  return `${pk} ${sk}`.match(UUID) ?? [`${pk} ${sk}`];
}
