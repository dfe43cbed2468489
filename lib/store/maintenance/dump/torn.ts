/** What was written while a table was dumped. */
import { type Key, keyText } from "../../table/item.ts";
import { Digest } from "./digest.ts";
import { isItemLine, parseItem } from "./lines.ts";

/** A table in steady use differs everywhere: so many keys are enough to see who writes. */
const MAX_NAMED = 20;

export interface Torn {
  readonly key: Key;
  readonly how: "changed" | "created" | "deleted";
}

/** The table was written while it was read: its lines belong to no one moment. */
export class TornDump extends Error {
  readonly torn: readonly Torn[];

  constructor(torn: readonly Torn[]) {
    super("the table was written while it was dumped");
    this.name = "TornDump";
    this.torn = torn;
  }
}

/** An item, and what a dump has of it. */
export interface DumpedItem {
  readonly key: Key;
  /** Another one under a pseudonym. */
  readonly dumpedKey: Key;
  readonly line: string;
}

interface NameTorn {
  /** Of the digest: where both readings differ. */
  readonly buckets: ReadonlySet<number>;
  /** The lines that were written. */
  readonly dumped: AsyncIterable<string>;
  /** The table as it is now. */
  readonly now: AsyncIterable<DumpedItem>;
}

/** The items that differ, in the order of their keys; `MAX_NAMED` at most. */
export async function nameTorn({ buckets, dumped, now }: NameTorn): Promise<Torn[]> {
  const looked = new Set([...buckets].slice(0, MAX_NAMED));
  const before = new Map<string, { readonly key: Key; readonly line: string }>();
  for await (const line of dumped) {
    if (!isItemLine(line)) continue;
    const key = parseItem(line);
    if (looked.has(Digest.bucketOf(key))) before.set(keyText(key), { key, line });
  }
  const torn: Torn[] = [];
  for await (const { key, dumpedKey, line } of now) {
    if (!looked.has(Digest.bucketOf(dumpedKey))) continue;
    const known = before.get(keyText(dumpedKey));
    if (known === undefined) torn.push({ key, how: "created" });
    else if (known.line !== line) torn.push({ key, how: "changed" });
    if (known !== undefined) before.delete(keyText(known.key));
  }
  for (const { key } of before.values()) {
    torn.push({ key: { pk: key.pk, sk: key.sk }, how: "deleted" });
  }
  return torn.sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1)).slice(0, MAX_NAMED);
}
