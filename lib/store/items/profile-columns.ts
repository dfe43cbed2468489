/**
 * Profiles as one text, column by column, which is smaller after compression than profile by
 * profile: the uuids, the versions, the names. Sets of traits, lists of aggregates and the
 * uuids of parents and roots are listed once each, and named by their places.
 */
import * as z from "zod";
import type { ProviderProfile } from "../../model/provider.ts";
import { storedUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import { aggregatesAttribute, aggregatesOf, spellingsAttribute, writtenOf } from "./aggregates.ts";
import { decodeIds, encodeIds } from "./id-set.ts";

const places = z.array(z.int());

/** All columns but `relatives` and the two lists have one element for each profile. */
const columnsSchema = z.object({
  /** In base64: 16 bytes for each. */
  uuids: z.string(),
  versions: z.array(z.number()),
  names: z.array(z.string()),
  /** Milliseconds since 1970. */
  updated: z.array(z.number()),
  /** Places in `relatives`; NONE in a root. */
  parents: places,
  /** Places in `relatives`; NONE: the provider itself. */
  roots: places,
  relatives: z.string(),
  /** Places in `traitSets`. */
  traits: places,
  /** As profiles have them, in base64. */
  traitSets: z.array(z.string()),
  /** Places in `aggregateLists`. */
  aggregates: places,
  aggregateLists: z.array(z.string()),
  /** The spellings of the profiles that have any, with the place of the profile. */
  spellings: z.array(z.tuple([z.int(), z.array(z.string())])),
});

const NONE = -1;
const UUID_BYTES = 16;

/** Distinct texts in the order in which they were named first. */
class Places {
  readonly #places = new Map<string, number>();

  of(text: string): number {
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    return place;
  }

  get texts(): string[] {
    return [...this.#places.keys()];
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const uuidsText = (uuids: readonly string[]): string =>
  base64(Buffer.concat(uuids.map((uuid) => uuidToBytes(storedUuid(uuid)))));

export function columnsText(profiles: readonly ProviderProfile[]): string {
  const relatives = new Places();
  const traitSets = new Places();
  const aggregateLists = new Places();
  const columns: z.infer<typeof columnsSchema> = {
    uuids: uuidsText(profiles.map(({ uuid }) => uuid)),
    versions: profiles.map(({ version }) => version),
    names: profiles.map(({ name }) => name),
    updated: profiles.map(({ updated }) => updated),
    parents: profiles.map(({ parent }) => (parent === undefined ? NONE : relatives.of(parent))),
    roots: profiles.map(({ uuid, root }) => (root === uuid ? NONE : relatives.of(root))),
    relatives: uuidsText(relatives.texts),
    traits: profiles.map(({ traits }) => traitSets.of(base64(encodeIds(traits)))),
    traitSets: traitSets.texts,
    aggregates: profiles.map((each) =>
      aggregateLists.of(base64(aggregatesAttribute(each.aggregates))),
    ),
    aggregateLists: aggregateLists.texts,
    spellings: profiles.flatMap(({ writtenAggregates: written }, place) =>
      written === undefined ? [] : [[place, spellingsAttribute(written)]],
    ),
  };
  return JSON.stringify(columns);
}

/** Bytes that the profile adds to a text, at most. */
export function sizeInColumns(profile: ProviderProfile): number {
  const { name, traits, aggregates, writtenAggregates = [] } = profile;
  const written = JSON.stringify([name, ...spellingsAttribute(writtenAggregates)]);
  const bytes = encodeIds(traits).length + UUID_BYTES * aggregates.length;
  return 150 + Buffer.byteLength(written) + Math.ceil((4 / 3) * bytes);
}

/** @throws an error of any kind if the text is not one of `columnsText` */
export function columnsOf(text: string): ProviderProfile[] {
  const columns = columnsSchema.parse(JSON.parse(text));
  const uuids = uuidsOf(columns.uuids);
  const relatives = uuidsOf(columns.relatives);
  const traitSets = columns.traitSets.map((each) => decodeIds(Buffer.from(each, "base64")));
  const lists = columns.aggregateLists.map((each) => aggregatesOf(Buffer.from(each, "base64")));
  const spellings = new Map(columns.spellings);
  const { parents, roots } = columns;
  return uuids.map((uuid, place): ProviderProfile => {
    const parent = at(parents, place);
    const root = at(roots, place);
    const aggregates = at(lists, at(columns.aggregates, place));
    const spelt = spellings.get(place);
    return {
      uuid,
      version: at(columns.versions, place),
      name: at(columns.names, place),
      parent: parent === NONE ? undefined : at(relatives, parent),
      root: root === NONE ? uuid : at(relatives, root),
      traits: at(traitSets, at(columns.traits, place)),
      aggregates,
      ...(spelt === undefined ? {} : { writtenAggregates: writtenOf(aggregates, spelt) }),
      updated: at(columns.updated, place),
    };
  });
}

function uuidsOf(text: string): Uuid[] {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: bytes.length / UUID_BYTES }, (_, place) => {
    const hex = bytes.toString("hex", place * UUID_BYTES, (place + 1) * UUID_BYTES);
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return storedUuid(`${parts.join("-")}-${hex.slice(20)}`);
  });
}

function at<T>(column: readonly T[], place: number): T {
  const found = column[place];
  if (found === undefined) throw new RangeError(`a column has nothing at ${place}`);
  return found;
}
