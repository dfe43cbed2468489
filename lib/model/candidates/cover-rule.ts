/** The providers of the unsuffixed group have all its required traits among them. */
import { Cover } from "./cover.ts";
import type { CoverPlan } from "./plan.ts";
import type { Rule } from "./rules.ts";
import type { Slot } from "./slots.ts";

export class CoverRule implements Rule {
  readonly #slots: readonly Slot[];
  readonly #plan: CoverPlan;
  readonly #cover: Cover;
  /** The traits that the choices so far cover, the last choice on top. */
  readonly #masks = [0];

  /** @param slots and `options` in the order of their choice */
  constructor(slots: readonly Slot[], options: readonly (readonly number[])[], plan: CoverPlan) {
    this.#slots = slots;
    this.#plan = plan;
    const masks = slots.map(({ suffixed }, slot) =>
      suffixed ? [] : (options[slot] ?? []).map((row) => plan.maskOf(row)),
    );
    this.#cover = new Cover(plan.sets, masks);
  }

  allows(slot: number, row: number, depth: number): boolean {
    return slot !== depth || this.#cover.canFinish(this.#with(slot, row), depth + 1);
  }

  choose(depth: number, row: number): void {
    this.#masks.push(this.#with(depth, row));
  }

  undo(): void {
    this.#masks.pop();
  }

  #with(slot: number, row: number): number {
    const mask = this.#masks.at(-1) ?? 0;
    return this.#slots[slot]?.suffixed ? mask : mask | this.#plan.maskOf(row);
  }
}

/**
 * Whether the options at an anchor cover the required traits.
 * @returns "never" if not even all options together do, "always" if every option of one slot
 *   does
 */
export function coverage(
  slots: readonly Slot[],
  options: readonly (readonly number[])[],
  { sets, maskOf }: CoverPlan,
): "never" | "depends" | "always" {
  const full = 2 ** sets - 1;
  let all = 0;
  for (const [slot, { suffixed }] of slots.entries()) {
    if (suffixed) continue;
    let common = full;
    for (const row of options[slot] ?? []) {
      const mask = maskOf(row);
      common &= mask;
      all |= mask;
    }
    if (common === full) return "always";
  }
  return all === full ? "depends" : "never";
}
