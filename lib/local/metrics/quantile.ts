/**
 * Quantiles that a histogram tells: within a bucket, measurements are taken as evenly spread.
 *
 * Source: Prometheus, `histogram_quantile`.
 */

export interface Bucket {
  /** Infinity for the last one. */
  readonly upTo: number;
  /** Measurements up to it. */
  readonly count: number;
}

/**
 * @param buckets in their order; counts of each contain those of the ones before
 * @param part of the measurements, from 0 to 1
 * @returns undefined if nothing was measured; beyond the last finite bucket, its end
 */
export function quantile(buckets: readonly Bucket[], part: number): number | undefined {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = part * total;
  let before: Bucket = { upTo: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.upTo === Number.POSITIVE_INFINITY) return before.upTo;
      const inside = bucket.count - before.count;
      const share = inside === 0 ? 1 : (rank - before.count) / inside;
      return before.upTo + (bucket.upTo - before.upTo) * share;
    }
    before = bucket;
  }
  return before.upTo;
}
