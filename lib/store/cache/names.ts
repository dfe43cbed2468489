/**
 * Custom resource classes and traits by name and by id. Names may change (PUT
 * /resource_classes of 1.2 to 1.6), so what is kept between requests is checked
 * against the version in `NAMES` whenever a custom name or id is met. Standard
 * names never need a read.
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
import type { Store } from "../store.ts";

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

interface Loaded extends Known {
  readonly version: number | undefined;
}

const NOTHING: Loaded = { version: undefined, ids: new Map(), names: new Map() };

/** What a request names or shows. */
interface Needed {
  readonly names?: Iterable<string>;
  readonly ids?: Iterable<number>;
}

/** What a function keeps of the custom names between requests. */
export class NameCache {
  readonly #loaded: Record<NameKind, Loaded> = { CLASSES: NOTHING, TRAITS: NOTHING };

  /** A directory of classes that knows all that is needed, if it exists now. */
  async classes(store: Store, needed: Needed): Promise<NameDirectory> {
    return this.#directory(store, "CLASSES", needed);
  }

  /** A directory of traits that knows all that is needed, if it exists now. */
  async traits(store: Store, needed: Needed): Promise<NameDirectory> {
    return this.#directory(store, "TRAITS", needed);
  }

  async #directory(store: Store, kind: NameKind, needed: Needed): Promise<NameDirectory> {
    const standard = STANDARD[kind];
    const custom =
      [...(needed.names ?? [])].some((name) => !standard.ids.has(name)) ||
      [...(needed.ids ?? [])].some((id) => id >= FIRST_CUSTOM_ID);
    const { ids, names } = custom ? await this.#refreshed(store, kind) : this.#loaded[kind];
    return {
      kind,
      idOf: (name) => standard.ids.get(name) ?? ids.get(name),
      nameOf: (id) => standard.names.get(id) ?? names.get(id),
    };
  }

  /** What this request has read, whatever an older one that ends beside it leaves behind. */
  async #refreshed(store: Store, kind: NameKind): Promise<Loaded> {
    // The version first: names that are newer than it only cost another read.
    const { version } = await readNames(store);
    const known = this.#loaded[kind];
    if (version === known.version) return known;
    const custom = await listCustom(store, kind);
    const loaded = {
      version,
      ids: new Map(custom.map(({ name, id }) => [name, id])),
      names: new Map(custom.map(({ name, id }) => [id, name])),
    };
    this.#loaded[kind] = loaded;
    return loaded;
  }
}

export async function readNames(store: Store): Promise<NamesState> {
  return namesOf(await store.get(NAMES_KEY));
}

export async function listCustom(store: Store, kind: NameKind): Promise<CustomName[]> {
  return (await store.query(customNamesPk(kind))).map(customNameOf);
}
