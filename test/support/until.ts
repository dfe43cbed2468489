import { setTimeout as sleep } from "node:timers/promises";

/** Resolves with the first value that is not undefined; `what` names it if none comes in time. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  timeout = 25_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(5);
  }
  throw new Error(`not within ${timeout} ms: ${what}`);
}
