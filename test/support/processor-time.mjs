/** Processor time of other processes, by what Linux tells in `/proc`. */
import { readFileSync } from "node:fs";

/** Linux counts hundredths of a second. */
const TICK = 10;

/**
 * The processes that `pid` has started, and those that they have.
 * @param {number} pid
 * @returns {number[]}
 * @throws where there is no `/proc`
 */
export function descendantsOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .flatMap((each) => {
      const child = Number(each);
      return child > 0 ? [child, ...descendantsOf(child)] : [];
    });
}

/**
 * Milliseconds that the process has used so far.
 * @param {number} pid
 */
export function processorTimeOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name before may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return TICK * (Number(fields[11]) + Number(fields[12]));
}
