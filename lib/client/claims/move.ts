/** Moves: what one consumer holds passes to another, at one moment. */
import {
  type Allocations,
  type AnyClient,
  bodyOf,
  type Holdings,
  readHoldings,
  type Wanted,
} from "./holdings.ts";
import { inRounds, type RoundsOptions } from "./rounds.ts";

export interface Moved {
  readonly from: Wanted;
  readonly to: Wanted;
}

/** Says what both shall hold, from what they hold; undefined: leave them as they are. */
export type DecideMove = (
  from: Holdings,
  to: Holdings,
) => Moved | undefined | Promise<Moved | undefined>;

/**
 * Changes what two consumers hold in one atomic write; by default all that `from` holds is
 * added to what `to` holds. Concurrent changes and lost answers are handled as by `claim`.
 *
 * @returns what was written; undefined if `decide` left it as it is, by default because `from`
 *   holds nothing
 */
export function move(
  client: AnyClient,
  { from, to }: { readonly from: string; readonly to: string },
  { decide = everything, ...options }: RoundsOptions & { readonly decide?: DecideMove } = {},
): Promise<Moved | undefined> {
  return inRounds(client.newest.pacing, options, async (_, idempotencyKey) => {
    const [source, target] = await Promise.all([
      readHoldings(client, from),
      readHoldings(client, to),
    ]);
    const moved = await decide(source, target);
    if (moved === undefined) return undefined;
    await client.newest.call("allocations/manage", {
      body: {
        [from]: bodyOf(moved.from, source.generation),
        [to]: bodyOf(moved.to, target.generation),
      },
      idempotencyKey,
    });
    return moved;
  });
}

/** A consumer that does not exist yet gets the other's owner. */
const everything: DecideMove = (from, to) => {
  const { owner } = from;
  if (owner === undefined || Object.keys(from.allocations).length === 0) return undefined;
  return {
    from: { allocations: {}, owner },
    to: { allocations: sum(from.allocations, to.allocations), owner: to.owner ?? owner },
  };
};

/** Amounts of the same class on the same provider are added. */
export function sum(a: Allocations, b: Allocations): Allocations {
  const total: Record<string, Record<string, number>> = {};
  for (const [provider, resources] of [...Object.entries(a), ...Object.entries(b)]) {
    const amounts = { ...total[provider] };
    for (const [name, amount] of Object.entries(resources)) {
      amounts[name] = (amounts[name] ?? 0) + amount;
    }
    total[provider] = amounts;
  }
  return total;
}
