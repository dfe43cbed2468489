/** Claims: what one consumer shall hold. */
import {
  type AnyClient,
  bodyOf,
  type Holdings,
  NOTHING,
  readHoldings,
  type Wanted,
} from "./holdings.ts";
import { inRounds, type RoundsOptions } from "./rounds.ts";

/** Says what the consumer shall hold, from what it holds; undefined: leave it as it is. */
export type Decide = (held: Holdings) => Wanted | undefined | Promise<Wanted | undefined>;

export interface ClaimOptions extends RoundsOptions {
  /** Supposes first that there is no such consumer, which saves reading. Default: false. */
  readonly fresh?: boolean;
}

/**
 * Makes `consumer` hold what `decide` says. If somebody else changes the consumer meanwhile,
 * it is read and decided again; after a lost answer the same write is sent again under its
 * idempotency key, so that it is carried out once.
 *
 * @returns what was written; undefined if `decide` left it as it is
 * @throws PlacementRefusal, for example 409 if it does not fit; AnswerLost if the outcome stays
 *   unknown: calling again is safe, since `decide` sees what the consumer holds then
 */
export function claim(
  client: AnyClient,
  consumer: string,
  decide: Decide,
  options: ClaimOptions = {},
): Promise<Wanted | undefined> {
  return inRounds(client.newest.pacing, options, async (number, idempotencyKey) => {
    const supposed = options.fresh === true && number === 1;
    const held = supposed ? NOTHING : await readHoldings(client, consumer);
    const wanted = await decide(held);
    if (wanted === undefined) return undefined;
    await client.newest.call("allocations/replace", {
      parameters: { consumer_uuid: consumer },
      body: bodyOf(wanted, held.generation),
      idempotencyKey,
    });
    return wanted;
  });
}
