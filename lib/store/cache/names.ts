/**
 * Custom resource classes and traits by name and by id. Names may change (PUT
 * /resource_classes of 1.2 to 1.6), so the names that are cached between requests are checked
 * against the version in `NAMES` before a custom name or id is used. Standard names never
 * need a read.
 */
import {
  FIRST_CUSTOM_ID,
  STANDARD_CLASS_IDS,
  STANDARD_CLASS_NAMES,
} from "../../model/standard-classes.ts";
import { STANDARD_TRAIT_IDS, STANDARD_TRAIT_NAMES } from "../../model/standard-traits.ts";
import {
  type CustomName,
  customNameOf,
  customNamesPk,
  type NameKind,
} from "../items/custom-name.ts";
import { NAMES_KEY, type NamesState, namesOf } from "../items/names.ts";
import type { ItemReader, Reader } from "../table/reader.ts";

/** It never changes: after a change of names there is another directory. */
export interface NameDirectory {
  readonly kind: NameKind;
  idOf(name: string): number | undefined;
  nameOf(id: number): string | undefined;
}

interface Known {
  readonly ids: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

const STANDARD: Readonly<Record<NameKind, Known>> = {
  CLASSES: { ids: STANDARD_CLASS_IDS, names: STANDARD_CLASS_NAMES },
  TRAITS: { ids: STANDARD_TRAIT_IDS, names: STANDARD_TRAIT_NAMES },
};

interface Loaded {
  readonly version: number | undefined;
  readonly directory: NameDirectory;
}

function loadedOf(
  kind: NameKind,
  version: number | undefined,
  custom: readonly CustomName[],
): Loaded {
  const standard = STANDARD[kind];
  const ids = new Map(custom.map(({ name, id }) => [name, id]));
  const names = new Map(custom.map(({ name, id }) => [id, name]));
  const directory: NameDirectory = {
    kind,
    idOf: (name) => standard.ids.get(name) ?? ids.get(name),
    nameOf: (id) => standard.names.get(id) ?? names.get(id),
  };
  return { version, directory };
}

/** The names and ids that a request uses. */
export interface Needed {
  readonly names?: Iterable<string>;
  readonly ids?: Iterable<number>;
}

/** The custom names that a function caches between requests. */
export class NameCache {
  readonly #loaded: Record<NameKind, Loaded> = {
    CLASSES: loadedOf("CLASSES", undefined, []),
    TRAITS: loadedOf("TRAITS", undefined, []),
  };

  /** By request: what it has read last. */
  readonly #lastRead = new WeakMap<Reader, Partial<Record<NameKind, Loaded>>>();

  /** A directory with all `needed` names and ids, as far as they exist now. */
  async directory(reader: Reader, kind: NameKind, needed: Needed): Promise<NameDirectory> {
    const standard = STANDARD[kind];
    const custom =
      [...(needed.names ?? [])].some((name) => !standard.ids.has(name)) ||
      [...(needed.ids ?? [])].some((id) => id >= FIRST_CUSTOM_ID);
    return (custom ? await this.#refreshed(reader, kind) : this.#loaded[kind]).directory;
  }

  /** A directory that names `ids`: the one that this request has read last, if it does. */
  async naming(reader: Reader, kind: NameKind, ids: readonly number[]): Promise<NameDirectory> {
    const last = this.#lastRead.get(reader)?.[kind]?.directory;
    if (last !== undefined && ids.every((id) => last.nameOf(id) !== undefined)) return last;
    return this.directory(reader, kind, { ids });
  }

  /** The names as this request has read them, even if an older request's read ends later. */
  async #refreshed(reader: Reader, kind: NameKind): Promise<Loaded> {
    // The version is read first: names newer than it only cost another read.
    const { version } = await readNames(reader);
    const known = this.#loaded[kind];
    const isKnown = version === known.version;
    const loaded = isKnown ? known : loadedOf(kind, version, await listCustom(reader, kind));
    this.#loaded[kind] = loaded;
    this.#lastRead.set(reader, { ...this.#lastRead.get(reader), [kind]: loaded });
    return loaded;
  }
}

export async function readNames(reader: ItemReader): Promise<NamesState> {
  return namesOf(await reader.get(NAMES_KEY));
}

export async function listCustom(reader: Reader, kind: NameKind): Promise<CustomName[]> {
  return (await reader.query(customNamesPk(kind))).map(customNameOf);
}
