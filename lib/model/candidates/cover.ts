/**
 * The required traits of the unsuffixed group: its providers must have them together. One
 * cover holds at most 30 sets of traits, as bits.
 */

export const MAX_SETS = 30;
/** Above this number of combinations, each set is checked only by itself. */
const MAX_COMBINATIONS = 256;

export class Cover {
  readonly #full: number;
  /** By depth: the combinations that the slots from there on can cover. */
  readonly #reach: readonly (readonly number[])[];

  /** @param masks by slot, in the order of their choice, what its options cover */
  constructor(sets: number, masks: readonly (readonly number[])[]) {
    this.#full = 2 ** sets - 1;
    let reach: readonly number[] = [0];
    const all = [reach];
    for (const options of masks.toReversed()) {
      reach = options.length === 0 ? reach : combined(options, reach);
      all.push(reach);
    }
    this.#reach = all.reverse();
  }

  /** Whether the slots from `depth` on can cover the sets that `mask` lacks. */
  canFinish(mask: number, depth: number): boolean {
    return this.#reach[depth]?.some((rest) => (mask | rest) === this.#full) ?? false;
  }
}

function combined(options: readonly number[], reach: readonly number[]): readonly number[] {
  const found = new Set<number>();
  for (const option of new Set(options)) for (const rest of reach) found.add(option | rest);
  const masks = [...found];
  if (masks.length > MAX_COMBINATIONS) return [masks.reduce((all, mask) => all | mask, 0)];
  const isLess = (mask: number) =>
    masks.some((other) => other !== mask && (other | mask) === other);
  return masks.filter((mask) => !isLess(mask));
}
