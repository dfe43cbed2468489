/** Work on many items, a number of them at a time. */

/** Items that are worked on at a time. */
const WIDTH = 24;

/**
 * Calls `act` with each of `items`. After a failure no further one is begun, and
 * none goes on behind the caller's back.
 * @throws the first failure
 */
export async function inParallel<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
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
  const workers = Array.from({ length: Math.min(WIDTH, items.length) }, work);
  for (const ended of await Promise.allSettled(workers)) {
    if (ended.status === "rejected") throw ended.reason;
  }
}
