/**
 * The lines of a dump, each a JSON object: a head, an item each in DynamoDB's own JSON with
 * bytes in base64, and an end by which a dump that was cut off is recognised. Members are
 * sorted, so that equal items are equal lines. Lines are given without their line feed.
 */
import * as z from "zod";
import type { Item } from "../../table/item.ts";
import { decodeItem, encodeItem } from "../../table/wire/items.ts";

/** The form of dumps. A later release may write a greater one. */
export const DUMP_VERSION = 1;

/** Bytes of a line: an item has 400 KB at most, each byte of which may take six characters. */
export const MAX_LINE = 4 * 1024 * 1024;

const headSchema = z.strictObject({
  placementDump: z.int().min(1),
  /** Of the table; null for a table that was never written. */
  format: z.int().min(1).nullable(),
  /** Whether ids and names are pseudonyms. */
  pseudonyms: z.boolean(),
});

const endSchema = z.strictObject({
  end: z.strictObject({
    items: z.int().min(0),
    /** SHA-256 of all lines before this one, in hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

export type DumpHead = z.infer<typeof headSchema>;
export type DumpEnd = z.infer<typeof endSchema>["end"];

export const headLine = (head: Omit<DumpHead, "placementDump">): string =>
  JSON.stringify({ placementDump: DUMP_VERSION, ...head });

export const endLine = (end: DumpEnd): string => JSON.stringify({ end });

export const itemLine = (item: Item): string => JSON.stringify(sorted(encodeItem(item)));

/** @throws Error for a line that is no head, or of a later form */
export function parseHead(text: string): DumpHead {
  const head = headSchema.parse(JSON.parse(text));
  if (head.placementDump > DUMP_VERSION) {
    throw new Error(`form ${head.placementDump} of dumps, of which this release knows 1`);
  }
  return head;
}

const HEAD = '{"placementDump":';
const END = '{"end":';

export const isItemLine = (text: string): boolean =>
  !text.startsWith(HEAD) && !text.startsWith(END);

/** Undefined: not the end. */
export function parseEnd(text: string): DumpEnd | undefined {
  return text.startsWith(END) ? endSchema.parse(JSON.parse(text)).end : undefined;
}

const number = z.string().regex(/^-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?$/);

/** An attribute in DynamoDB's JSON. */
const valueSchema = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: number }),
  z.strictObject({ B: z.base64() }),
  z.strictObject({ BOOL: z.boolean() }),
  z.strictObject({ NULL: z.literal(true) }),
  z.strictObject({ SS: z.array(z.string()).min(1) }),
  z.strictObject({ NS: z.array(number).min(1) }),
  z.strictObject({ BS: z.array(z.base64()).min(1) }),
  z.strictObject({
    get M() {
      return z.record(z.string(), valueSchema);
    },
  }),
  z.strictObject({
    get L() {
      return z.array(valueSchema);
    },
  }),
]);

const keySchema = z.looseObject({ pk: z.string().min(1), sk: z.string().min(1) });

/** @throws Error for a line that is no item */
export function parseItem(text: string): Item {
  return keySchema.parse(decodeItem(z.record(z.string(), valueSchema).parse(JSON.parse(text))));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
