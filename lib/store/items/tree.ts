/** The shape of one tree: the parent of each of its providers. */
import type { Parents } from "../../model/tree.ts";
import { bytesToUuid, storedUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Path } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const TREE = "TREE";

export const treeKey = (root: Uuid): Key => ({ pk: joined(TREE, root), sk: TREE });

const attributes = {
  version: attribute<number>("v"),
  /** By provider; that of the root is one byte. */
  parents: attribute<Readonly<Record<string, Uint8Array>>>("t"),
} as const;

/** Paths in a tree. */
export const tree = {
  ...attributes,
  parent: (provider: Uuid): Path => [...attributes.parents, provider],
} as const;

export interface Tree {
  readonly root: Uuid;
  readonly version: number;
  readonly parents: Parents;
}

const UUID_BYTES = 16;

/** One byte: it is no uuid, and both engines store it. */
const NO_PARENT = new Uint8Array(1);

export function parentAttribute(parent: Uuid | undefined): Uint8Array {
  return parent === undefined ? NO_PARENT : uuidToBytes(parent);
}

/** The root of the key. */
export const rootOf = ({ pk }: Key): Uuid => storedUuid(afterFirst(pk));

export function parentsAttribute(parents: Parents): Record<string, Uint8Array> {
  return Object.fromEntries(
    [...parents].map(([child, parent]) => [child, parentAttribute(parent)]),
  );
}

export function treeItem({ root, version, parents }: Tree): Item {
  return {
    ...treeKey(root),
    ...stored(attributes, { version, parents: parentsAttribute(parents) }),
  };
}

export function treeOf(item: Item): Tree {
  const entries = Object.entries(read(item, tree.parents));
  return {
    root: rootOf(item),
    version: read(item, tree.version),
    parents: new Map(
      entries.map(([child, bytes]) => [
        storedUuid(child),
        bytes.length < UUID_BYTES ? undefined : bytesToUuid(bytes),
      ]),
    ),
  };
}
