/** Reads the lines of a dump. */
import { createHash } from "node:crypto";
import type { Item } from "../../table/item.ts";
import {
  type DumpEnd,
  type DumpHead,
  isItemLine,
  parseEnd,
  parseHead,
  parseItem,
} from "./lines.ts";

/**
 * Whether the dump is whole, before anything of it is used.
 * @throws Error
 */
export async function checkDump(
  lines: AsyncIterable<string>,
): Promise<{ readonly head: DumpHead; readonly end: DumpEnd }> {
  const sha256 = createHash("sha256");
  let head: DumpHead | undefined;
  let end: DumpEnd | undefined;
  let items = 0;
  for await (const line of lines) {
    if (end !== undefined) throw new Error("something follows its end");
    if (head === undefined) head = parseHead(line);
    else if (isItemLine(line)) items += 1;
    end = parseEnd(line);
    if (end === undefined) sha256.update(`${line}\n`);
  }
  if (head === undefined || end === undefined) throw new Error("it was cut off");
  if (end.items !== items || end.sha256 !== sha256.digest("hex")) {
    throw new Error("its lines are not those that were written");
  }
  return { head, end };
}

/** @throws Error for a line that is no item */
export async function* itemsIn(lines: AsyncIterable<string>): AsyncGenerator<Item> {
  for await (const line of lines) {
    if (isItemLine(line)) yield parseItem(line);
  }
}
