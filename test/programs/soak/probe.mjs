/** Loaded into the server that `soak.mjs` watches: tells what the process holds when it is asked. */
import { readdirSync } from "node:fs";

function openFiles() {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** How many there are of each kind: sockets, timers, servers. */
function resources() {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

process.on("message", () => {
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ heapUsed, rss, files: openFiles(), resources: resources() });
});
// The channel to the watcher is no reason to go on.
process.channel.unref();
