/** The console that was built beside this program, and what the start of the server says of it. */
import { fileURLToPath } from "node:url";
import { loadConsole } from "./files.ts";
import type { ConsoleOptions } from "./options.ts";
import { CONSOLE_PATH, type ConsoleParts, consoleAbsence } from "./site.ts";

/** From `dist/local/main.mjs`. */
const FOLDER = fileURLToPath(new URL("../console/", import.meta.url));

/** Undefined: it is off. */
export function builtConsole(options: ConsoleOptions | undefined): ConsoleParts | undefined {
  return options && { options, files: loadConsole(FOLDER) };
}

/** @param url of the API */
export function consoleLine(parts: ConsoleParts, url: string): string {
  const absence = consoleAbsence(parts);
  return absence === undefined ? `Console on ${url}${CONSOLE_PATH}/` : `No console: ${absence}`;
}
