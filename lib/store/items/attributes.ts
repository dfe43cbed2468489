/**
 * The attributes of a kind of item. Each is declared once, as the path that expressions use;
 * the same declaration encodes and decodes it.
 */
declare const STORED: unique symbol;

/** The path of one attribute, with the type of the value that is stored there. */
export type Attribute<T> = readonly [name: string] & { readonly [STORED]?: T };

export const attribute = <T>(name: string): Attribute<T> => [name];

type StoredIn<A> = { -readonly [K in keyof A]?: A[K] extends Attribute<infer T> ? T : never };

/** The value of an attribute. It is not checked: the verifier reports what cannot be read. */
export function read<T>(item: Readonly<Record<string, unknown>>, of: Attribute<T>): T {
  return item[of[0]] as T;
}

/** Those of `attributes` that the item has: attributes of other releases are left out. */
export function only(
  item: Readonly<Record<string, unknown>>,
  attributes: readonly Attribute<unknown>[],
): Record<string, unknown> {
  const names = attributes.map(([name]) => name).filter((name) => Object.hasOwn(item, name));
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

/** `values` under the names of their attributes; undefined values are left out. */
export function stored<A extends Readonly<Record<string, Attribute<unknown>>>>(
  attributes: A,
  values: StoredIn<A>,
): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const field in attributes) {
    const [name] = attributes[field] ?? [];
    if (name !== undefined && values[field] !== undefined) item[name] = values[field];
  }
  return item;
}
