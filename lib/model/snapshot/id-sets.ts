/**
 * Sets of numbers, each stored once: hosts of one kind share a set of traits, and a check of
 * a set is evaluated once for all of them. Like a dictionary it only grows.
 */
const FIRST_ROOM = 1024;
const [UNKNOWN, PASSES, FAILS] = [0, 1, 2];
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export class IdSets {
  /** The sets in sequence, each in ascending order. */
  #pool = new Int32Array(FIRST_ROOM);
  /** The start of each set, and the end of the last one. */
  readonly #starts: number[] = [0];
  /** By hash, the latest set with it; by set, the previous one with the same hash. */
  readonly #latest = new Map<number, number>();
  readonly #earlier: number[] = [];

  get size(): number {
    return this.#earlier.length;
  }

  /** The number of the set of `ids`; stores it if it is new. */
  intern(ids: Iterable<number>): number {
    const sorted = ascending(Int32Array.from(ids));
    const hash = hashOf(sorted);
    const latest = this.#latest.get(hash) ?? -1;
    for (let set = latest; set >= 0; set = this.#earlier[set] ?? -1) {
      if (this.#equals(set, sorted)) return set;
    }
    const start = this.#starts.at(-1) ?? 0;
    this.#reserve(start + sorted.length);
    this.#pool.set(sorted, start);
    this.#starts.push(start + sorted.length);
    this.#latest.set(hash, this.size);
    return this.#earlier.push(latest) - 1;
  }

  has(set: number, id: number): boolean {
    let low = this.#starts[set] ?? 0;
    let high = this.#starts[set + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#pool[middle] ?? 0;
      if (found === id) return true;
      if (found < id) low = middle + 1;
      else high = middle;
    }
    return false;
  }

  /** In ascending order. */
  idsOf(set: number): Int32Array {
    return this.#pool.subarray(this.#starts[set], this.#starts[set + 1]);
  }

  /** Calls `passes` once for each set and caches the result. */
  matcher(passes: (set: number, sets: IdSets) => boolean): (set: number) => boolean {
    const answers = new Uint8Array(this.size);
    return (set) => {
      let answer = answers[set];
      if (answer === undefined || answer === UNKNOWN) {
        answer = passes(set, this) ? PASSES : FAILS;
        answers[set] = answer;
      }
      return answer === PASSES;
    };
  }

  #equals(set: number, sorted: Int32Array): boolean {
    const known = this.idsOf(set);
    return known.length === sorted.length && known.every((id, index) => id === sorted[index]);
  }

  #reserve(room: number): void {
    if (room <= this.#pool.length) return;
    // Grows by a quarter, not by a factor of two: for hosts that share no set this is most of a
    // snapshot.
    const larger = new Int32Array(Math.max(room, Math.ceil(1.25 * this.#pool.length)));
    larger.set(this.#pool);
    this.#pool = larger;
  }
}

/** Each number once. Traits from the store are in this order already. */
function ascending(ids: Int32Array): Int32Array {
  const isAscending = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? id));
  return isAscending ? ids : Int32Array.from(new Set(ids.sort()));
}

function hashOf(sorted: Int32Array): number {
  let hash = FNV_OFFSET;
  for (const id of sorted) hash = Math.imul(hash ^ id, FNV_PRIME);
  return hash;
}
