/**
 * What a process knows of a shard log, while its appends end in any order, and some are refused with
 * their changes: a base never hides the last append of a provider.
 */
import { expect, test } from "vitest";
import { type JointAppend, KnownLog } from "../../lib/store/cache/known-log.ts";
import type { Change, Clause } from "../../lib/store/table/expressions.ts";
import { type Chance, chance } from "../support/chance.ts";

const ENTRIES = 8;
const APPENDS = 400;
const UNDER_WAY = 5;

/** A log as the engine keeps it, which carries out what `KnownLog` asks for. */
class StoredLog {
  counter = 0;
  base = 0;
  readonly stamps = new Map<string, number>();
  /** The last stamp of each entry, whether it is still there or not. */
  readonly given = new Map<string, number>();

  /** @returns false if a condition failed, and nothing was done */
  apply({ changes, when }: JointAppend): boolean {
    if (!when.every((clause) => this.#holds(clause))) return false;
    const stamp = this.counter + 1;
    for (const change of changes) this.#carryOut(change, stamp);
    return true;
  }

  #holds(clause: Clause): boolean {
    if (clause.test !== "<=") return true;
    const [name, entry = ""] = clause.path;
    const value = name === "b" ? this.base : this.stamps.get(entry);
    return value !== undefined && value <= Number(clause.value);
  }

  #carryOut(change: Change, stamp: number): void {
    const [name, entry] = change.path;
    if (name === "n") this.counter = stamp;
    else if (name === "b" && change.do === "set") this.base = Number(change.to);
    else if (entry !== undefined && change.do === "remove") this.stamps.delete(entry);
    else if (entry !== undefined) {
      this.stamps.set(entry, stamp);
      this.given.set(entry, stamp);
    }
  }
}

/** Every provider whose last stamp is above the base has its entry. */
function expectInvariant(log: StoredLog): void {
  for (const [entry, stamp] of log.given) {
    if (stamp > log.base) expect([entry, log.stamps.get(entry)]).toEqual([entry, stamp]);
  }
}

/** Ends one of the appends under way: applied, or refused with its change. */
function endOne(random: Chance, log: StoredLog, underWay: JointAppend[]): void {
  const [append] = underWay.splice(random.below(underWay.length), 1);
  const isRefused = random.below(4) === 0;
  append?.ended(!isRefused && log.apply(append));
}

test("a log stays true to its base, and short, whatever becomes of appends under way", () => {
  const random = chance("known logs");
  for (let round = 0; round < 30; round += 1) {
    const log = new StoredLog();
    const known = new KnownLog(0, {}, 0);
    const underWay: JointAppend[] = [];
    for (let count = 0; count < APPENDS; count += 1) {
      const changed = new Set(
        Array.from({ length: 1 + random.below(2) }, () => random.below(ENTRIES)),
      );
      underWay.push(known.append([...changed].map((entry) => `e${entry}`)));
      while (underWay.length > random.below(UNDER_WAY)) {
        endOne(random, log, underWay);
        expectInvariant(log);
      }
    }
    expect(log.base).toBeGreaterThan(0);
    expect(log.base).toBeLessThanOrEqual(log.counter);
  }
});

test("an append that is refused after another one of the same provider does not hide that one", () => {
  const log = new StoredLog();
  const known = new KnownLog(0, {}, 0);
  const apply = (entry: string) => {
    const append = known.append([entry]);
    append.ended(log.apply(append));
  };
  for (const entry of ["a", "b", "c", "d", "e", "f"]) apply(entry);
  const [refused, applied] = [known.append(["a"]), known.append(["a"])];
  applied.ended(log.apply(applied));
  refused.ended(false);
  expect(log.given.get("a")).toBe(7);
  apply("g");
  apply("h");
  expectInvariant(log);
  expect([...log.stamps.keys()]).toContain("a");
});
