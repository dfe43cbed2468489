/** The signals by which a server is told to stop. */
import { constants } from "node:os";

/**
 * Milliseconds. Ctrl-C reaches both npm and its program, and npm passes it on: signals that
 * arrive together are one.
 */
const TOGETHER = 200;

/**
 * Resolves at the first signal.
 * @param exit is called at a further one, which does not wait for running requests; with the
 *   status that a shell gives to a program that a signal ended
 */
export function untilSignal(exit: (status: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        const now = performance.now();
        first ??= now;
        if (now - first > TOGETHER) exit(128 + constants.signals[signal]);
        resolve();
      });
    }
  });
}
