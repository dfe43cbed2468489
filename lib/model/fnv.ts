/** FNV-1a, 32 bits. Source: Fowler, Noll, Vo. Not for secrets. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** @param text of ASCII: a code unit is taken for a byte */
export function hashOf(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}
