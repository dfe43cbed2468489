/** Processes many items, a limited number at a time. */

/** Items processed at a time. */
const WIDTH = 24;

/**
 * Calls `act` with each of `items`, at most `width` at a time. After a failure no further call
 * starts, and all running calls end before this function does.
 * @throws the first failure
 */
export async function inParallel<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
  width: number = WIDTH,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const work = async () => {
    for (const item of queue) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(width, items.length) }, work);
  for (const ended of await Promise.allSettled(workers)) {
    if (ended.status === "rejected") throw ended.reason;
  }
}
