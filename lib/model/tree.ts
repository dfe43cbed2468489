/** Trees of providers: every provider's parent, undefined for the root. */
import { NO_UUID, type Uuid } from "./uuid.ts";

export type Parents = ReadonlyMap<Uuid, Uuid | undefined>;

/** `top` and all its descendants, parents before children. */
export function subtreeOf(parents: Parents, top: Uuid): Uuid[] {
  const children = new Map<Uuid, Uuid[]>();
  for (const [child, parent] of parents) {
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found = [top];
  // The list grows during the loop; each provider has one parent, so the loop ends.
  for (let i = 0; i < found.length && i < parents.size; i += 1) {
    found.push(...(children.get(found[i] ?? NO_UUID) ?? []));
  }
  return found;
}

export function hasChildren(parents: Parents, provider: Uuid): boolean {
  for (const parent of parents.values()) if (parent === provider) return true;
  return false;
}
