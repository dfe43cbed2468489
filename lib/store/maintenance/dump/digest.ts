/**
 * A digest of all items of a table, in any order and in bounded memory: sums of hashes in
 * buckets. Two tables with equal sums are equal; buckets that differ say which keys to look at.
 */
import { createHash } from "node:crypto";
import { type Key, keyText } from "../../table/item.ts";

const BUCKETS = 2 ** 18;

export class Digest {
  /** Two sums of 32 bits for each bucket: 2 MB. */
  readonly #sums = new Uint32Array(2 * BUCKETS);

  static bucketOf(key: Key): number {
    return hashOf(keyText(key)).readUInt32BE() % BUCKETS;
  }

  /** @param line the item's line in a dump */
  add(key: Key, line: string): void {
    const at = 2 * Digest.bucketOf(key);
    const hash = hashOf(line);
    // The sums wrap around.
    for (const part of [0, 1]) {
      this.#sums[at + part] = (this.#sums[at + part] ?? 0) + hash.readUInt32BE(4 * part);
    }
  }

  /** The buckets whose items differ. */
  differences(other: Digest): Set<number> {
    const found = new Set<number>();
    for (const [at, sum] of this.#sums.entries()) {
      if (sum !== other.#sums[at]) found.add(Math.floor(at / 2));
    }
    return found;
  }
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
