/** A set of ids as bytes: ascending, each as its distance from the one before, in varints. */

const LOW_BITS = 7;
const MORE = 1 << LOW_BITS;

/** @param ids not negative, below 2^31, each once, in ascending order */
export function encodeIds(ids: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let last = 0;
  for (const id of ids) {
    let rest = id - last;
    last = id;
    while (rest >= MORE) {
      bytes.push((rest % MORE) + MORE);
      rest = Math.floor(rest / MORE);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

export function decodeIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  let last = 0;
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % MORE) * scale;
    scale *= MORE;
    if (byte >= MORE) continue;
    last += value;
    ids.push(last);
    value = 0;
    scale = 1;
  }
  return ids;
}
