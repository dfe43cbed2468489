/** Trees of providers: every provider's parent, undefined for the root. */
import { NO_UUID, type Uuid } from "./uuid.ts";

export type Parents = ReadonlyMap<Uuid, Uuid | undefined>;

/** `top` and everything below it, parents before children. */
export function subtreeOf(parents: Parents, top: Uuid): Uuid[] {
  const children = new Map<Uuid, Uuid[]>();
  for (const [child, parent] of parents) {
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found = [top];
  // The list grows while it is walked; each provider has one parent, so it ends.
  for (let i = 0; i < found.length && i < parents.size; i += 1) {
    found.push(...(children.get(found[i] ?? NO_UUID) ?? []));
  }
  return found;
}

export function hasChildren(parents: Parents, provider: Uuid): boolean {
  for (const parent of parents.values()) if (parent === provider) return true;
  return false;
}
