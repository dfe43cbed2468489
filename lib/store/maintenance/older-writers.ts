/**
 * Whether functions of the older release still write the table. They name providers in their
 * heads, and this release never does: a head that names some, after all were emptied, was
 * written by one of them.
 */
import { emptied } from "../cache/old-heads.ts";
import { read } from "../items/attributes.ts";
import { namesProviders, oldHead, shardOfHead } from "../items/old-head.ts";
import { FIRST_FORMAT, formatAttributes, META_KEY } from "../items/table-format.ts";
import { absent, equals, set } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { Busy } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";

interface Found {
  readonly meta: Item | undefined;
  /** All heads, as stored. */
  readonly heads: readonly Item[];
}

interface Quiet {
  /** Milliseconds since 1970: since when no function of the older release has written. */
  readonly since: number;
  /** Shards that such functions have written since the last look. */
  readonly olderWriters: readonly number[];
}

/** @throws Busy */
export async function quietSince(table: RawTable, { meta, heads }: Found): Promise<Quiet> {
  const { format, quiet } = formatAttributes;
  const known = meta && read(meta, quiet);
  const written = heads.filter(namesProviders);
  if (known !== undefined && written.length === 0) return { since: known, olderWriters: [] };
  await inParallel(written, async (head) => {
    const { pk, sk } = head;
    // A head that was written meanwhile stays as it is, and is found at the next look.
    const when = [equals(oldHead.version, read(head, oldHead.version))];
    await table.write({ kind: "update", key: { pk, sk }, changes: emptied, when });
  });
  const since = table.context.clock.now();
  const changes = [set(format, FIRST_FORMAT), set(quiet, since)];
  const current = meta && read(meta, format);
  const when = [current === undefined ? absent(...format) : equals(format, current)];
  if (!(await table.write({ kind: "update", key: META_KEY, changes, when }))) throw new Busy();
  const olderWriters = known === undefined ? [] : written.map(shardOfHead).sort((a, b) => a - b);
  return { since, olderWriters };
}
