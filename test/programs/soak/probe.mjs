/** Loaded into the server that `soak.mjs` watches: answers every message with what the process holds. */
import { readdirSync } from "node:fs";
import { descendantsOf, processorTimeOf } from "../../support/processor-time.mjs";

function openFiles() {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** Of the engine: the server starts no other process. */
function engineTime() {
  try {
    return descendantsOf(process.pid).reduce((sum, pid) => sum + processorTimeOf(pid), 0);
  } catch {
    return undefined;
  }
}

/**
 * @typedef {object} Figures
 * @property {number} heapUsed bytes
 * @property {number} rss bytes
 * @property {number | undefined} files open ones; undefined where the system does not list them
 * @property {number | undefined} engineTime milliseconds of processor time that the engine has used; undefined where the
 *   system does not tell
 * @property {Record<string, number>} resources how many there are of each kind
 */

/** How many there are of each kind: sockets, timers, servers. */
function resources() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  /** @type {Figures} */
  const figures = {
    heapUsed,
    rss,
    files: openFiles(),
    engineTime: engineTime(),
    resources: resources(),
  };
  process.send?.(figures);
});
// The channel to the watcher does not keep the process alive.
process.channel?.unref();
