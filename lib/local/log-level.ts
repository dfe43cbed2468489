/** The log lines that a local server prints. */
import type { Log } from "../api/runtime.ts";

/**
 * From the most to the fewest lines. Each request is a line of level INFO; health checks and runs
 * of tasks that have found nothing to do are of level DEBUG.
 */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULT_LOG_LEVEL: LogLevel = "WARN";

/** `log`, without the lines below `level`. A line without a level is always printed. */
export function fromLevel(level: LogLevel, log: Log): Log {
  const dropped: readonly unknown[] = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level));
  return (entry) => {
    if (!dropped.includes(entry["level"])) log(entry);
  };
}
