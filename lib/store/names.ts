/**
 * Custom resource classes by name and by id. Names may change (PUT
 * /resource_classes of 1.2 to 1.6), so what is kept between requests is checked
 * against the version in `NAMES` whenever a custom name or id is met. Standard
 * names never need a read.
 */
import {
  type ClassId,
  FIRST_CUSTOM_ID,
  STANDARD_CLASS_IDS,
  STANDARD_CLASS_NAMES,
} from "../model/standard-classes.ts";
import type { Item } from "./item.ts";
import { NAMES_KEY, type NameKind } from "./keys.ts";
import type { Store } from "./store.ts";

/** A custom class or trait. */
export interface CustomName {
  readonly name: string;
  readonly id: number;
  /** Providers that use it. */
  readonly users: number;
  readonly created: number;
  readonly updated: number;
}

export interface NamesState {
  /** Undefined while the item is absent. */
  readonly version: number | undefined;
  readonly nextId: number;
}

export interface NameDirectory {
  idOf(name: string): ClassId | undefined;
  nameOf(id: ClassId): string | undefined;
}

interface Loaded {
  readonly version: number | undefined;
  readonly ids: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

const NOTHING: Loaded = { version: undefined, ids: new Map(), names: new Map() };

/** What a function keeps of the custom names between requests. */
export class NameCache {
  #loaded: Loaded = NOTHING;

  /** A directory that knows all of `names` and `ids`, if they exist now. */
  async classes(
    store: Store,
    needed: { readonly names?: Iterable<string>; readonly ids?: Iterable<ClassId> },
  ): Promise<NameDirectory> {
    const custom =
      [...(needed.names ?? [])].some((name) => !STANDARD_CLASS_IDS.has(name)) ||
      [...(needed.ids ?? [])].some((id) => id >= FIRST_CUSTOM_ID);
    if (custom) await this.#refresh(store);
    const { ids, names } = this.#loaded;
    return {
      idOf: (name) => STANDARD_CLASS_IDS.get(name) ?? ids.get(name),
      nameOf: (id) => STANDARD_CLASS_NAMES.get(id) ?? names.get(id),
    };
  }

  async #refresh(store: Store): Promise<void> {
    // The version first: names that are newer than it only cost another read.
    const { version } = await readNames(store);
    if (version === this.#loaded.version) return;
    const custom = await listCustom(store, "CLASSES");
    this.#loaded = {
      version,
      ids: new Map(custom.map(({ name, id }) => [name, id])),
      names: new Map(custom.map(({ name, id }) => [id, name])),
    };
  }
}

export async function readNames(store: Store): Promise<NamesState> {
  const item = await store.get(NAMES_KEY);
  return {
    version: item?.["version"] as number | undefined,
    nextId: (item?.["next"] as number | undefined) ?? FIRST_CUSTOM_ID,
  };
}

export async function listCustom(store: Store, kind: NameKind): Promise<CustomName[]> {
  return (await store.query(kind)).map(customNameOf);
}

export function customNameOf(item: Item): CustomName {
  return {
    name: item.sk,
    id: item["id"] as number,
    users: item["users"] as number,
    created: item["created"] as number,
    updated: item["updated"] as number,
  };
}
