/** The log on standard output, one JSON object a line: CloudWatch Logs collects it from there. */
import type { Log } from "./runtime.ts";

/** Characters that JSON leaves unescaped and that some viewers take for a line end or a command. */
const CONTROLS = /[\u007f-\u009f\u2028\u2029]/g;

const escapedUnit = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Prints any entry as one line without control characters. Not by `console`: Lambda puts words of
 * its own before what that prints, and CloudWatch finds metrics only in lines that are JSON.
 */
export const consoleLog: Log = (entry) => {
  process.stdout.write(`${JSON.stringify(entry).replace(CONTROLS, escapedUnit)}\n`);
};
