/** Keeps an answer within what a Lambda function may return: 6 MB with its headers. */

export const MAX_BODY_BYTES = 5_500_000;
/** What is measured is cut a little further, so that one more measurement is enough mostly. */
const MARGIN = 0.95;
const MAX_ROUNDS = 8;

export interface Sized<T> {
  readonly body: T;
  /** A rough upper estimate; a body that is small by it is not measured. */
  readonly estimate: number;
}

/**
 * The body for as many of `items` as fit, the first ones; for one at least.
 * @param make the body for some of the items
 */
export async function fitting<I, T>(
  items: readonly I[],
  make: (some: readonly I[]) => Promise<Sized<T>>,
  maxBytes = MAX_BODY_BYTES,
): Promise<T> {
  let kept = items;
  let made = await make(kept);
  for (let round = 0; round < MAX_ROUNDS && kept.length > 1; round += 1) {
    if (made.estimate <= maxBytes) break;
    const bytes = Buffer.byteLength(JSON.stringify(made.body));
    if (bytes <= maxBytes) break;
    kept = kept.slice(0, Math.max(1, Math.floor((kept.length * maxBytes * MARGIN) / bytes)));
    made = await make(kept);
  }
  return made.body;
}
