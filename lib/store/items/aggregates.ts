/** The attributes of a profile for its aggregates and their spellings. */
import { writtenAggregates } from "../../model/aggregates.ts";
import { bytesToUuid, isCanonicalUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";

const UUID_BYTES = 16;

/** 16 bytes each; absent if there are none, since not every engine stores empty binaries. */
export function aggregatesAttribute(aggregates: readonly Uuid[]): Uint8Array {
  return Buffer.concat(aggregates.map(uuidToBytes));
}

export function aggregatesOf(bytes: Uint8Array): Uuid[] {
  return Array.from({ length: bytes.length / UUID_BYTES }, (_, index) =>
    bytesToUuid(bytes.subarray(index * UUID_BYTES, (index + 1) * UUID_BYTES)),
  );
}

/** Aggregates that were not written in their canonical form, as they were written. */
export function spellingsAttribute(written: readonly string[]): string[] {
  return written.filter((text) => !isCanonicalUuid(text));
}

/**
 * A release without spellings leaves them unchanged when it writes aggregates: a spelling of
 * none of `aggregates` is ignored.
 */
export function writtenOf(aggregates: readonly Uuid[], spellings: unknown): readonly string[] {
  if (!Array.isArray(spellings)) return aggregates;
  const written = writtenAggregates(spellings.map(String));
  return aggregates.map((uuid) => written.get(uuid) ?? uuid);
}
