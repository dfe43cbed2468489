/** The flags of a command line, and what is said of one that is unknown or lacks its value. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { usage } from "./start-failure.ts";

type Named = NonNullable<ParseArgsConfig["options"]>;

/**
 * @param command as it is called, for the advice
 * @throws StartFailure
 */
export function parseFlags<T extends Named>(command: string, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw usage(`${sentence}: '${command} -- --help' lists the options`);
  }
}
